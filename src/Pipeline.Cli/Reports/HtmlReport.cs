using System.Globalization;
using System.Net;
using System.Text;

namespace Pipeline.Cli;

/// <summary>Writes the report of a run as one HTML file that needs nothing else: style and thumbnails are inside.</summary>
internal sealed class HtmlReport
{
    /// <summary>Photos that are shown; more would make the file too heavy to open.</summary>
    public const int MostThumbnails = 240;

    private readonly StringBuilder _html = new();
    private readonly JobResult _result;
    private readonly string _reportFolder;
    private readonly Func<string, byte[]?> _thumbnail;

    private HtmlReport(JobResult result, string reportFolder, Func<string, byte[]?> thumbnail)
    {
        _result = result;
        _reportFolder = reportFolder;
        _thumbnail = thumbnail;
    }

    /// <summary>Writes the report.</summary>
    /// <param name="result">The run.</param>
    /// <param name="reportFolder">Where the file will lie, so that it can link to the outputs.</param>
    /// <param name="thumbnail">Makes a small JPEG of an output file; null when it cannot.</param>
    public static string Write(JobResult result, string reportFolder, Func<string, byte[]?> thumbnail)
    {
        HtmlReport report = new(result, reportFolder, thumbnail);
        report.Document();
        return report._html.ToString();
    }

    private void Document()
    {
        Line("<!DOCTYPE html>");
        Line("<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        Line($"<title>{Title()}</title>");
        Line($"<style>{Style()}</style></head><body>");
        Head();
        Stages();
        Analysis();
        Failures();
        Photos();
        Settings();
        Line("</body></html>");
    }

    private string Title() => _result.ExitCode switch
    {
        ExitCodes.AllDone => $"{_result.Report.ItemsCompleted} photos processed",
        ExitCodes.Interrupted => $"Interrupted after {_result.Report.ItemsCompleted} photos",
        ExitCodes.Stopped => $"Stopped after {_result.Report.ItemsCompleted} photos",
        _ => $"{_result.Report.ItemsCompleted} photos processed, {_result.Failures.Count} failed",
    };

    private void Head()
    {
        RunReport report = _result.Report;
        Line($"<h1>{Title()}</h1>");
        Line($"<p class=\"soft\">Outputs in {Text(_result.Settings.OutputFolder)}</p>");
        if (_result.StopReason is { } reason)
            Line($"<p class=\"bad\">{Text(reason)}</p>");
        Line("<div class=\"tiles\">");
        Tile(Number(report.ItemsCompleted), "photos done");
        Tile(Number(_result.Photos.Sum(photo => photo.Outputs.Count)), $"outputs, {ByteSize.Format(_result.OutputBytes)}");
        if (_result.Failures.Count > 0)
            Tile(Number(_result.Failures.Count), "failed", "bad");
        if (_result.Unfinished > 0)
            Tile(Number(_result.Unfinished), "not processed", "bad");
        if (_result.Resumed > 0)
            Tile(Number(_result.Resumed), "done by an earlier run");
        Tile(ProgressText.Time(report.Elapsed), ProgressText.Rate(_result.PhotosPerSecond));
        Tile(_result.PeakRssBytes is { } rss ? ByteSize.Format(rss) : "unknown", "peak memory of the process");
        Tile(
            ByteSize.Format(report.PeakInFlightBytes),
            report.MemoryBudgetBytes is { } budget ? $"in flight, of {ByteSize.Format(budget)}" : "in flight, no budget");
        Line("</div>");
        if (_result.Profile is null)
            Line($"<p class=\"note\">{Text(_result.Verdict)}</p>");
    }

    private void Stages()
    {
        if (_result.Report.ItemsIn == 0)
            return;
        Line("<h2>Where the time went</h2><div class=\"scroll\"><table><thead><tr><th>stage</th><th>time of its workers</th><th "
            + "class=\"n\">busy</th><th class=\"n\">share of the work</th><th class=\"n\">per photo</th><th "
            + "class=\"n\">photos</th></tr></thead><tbody>");
        double work = _result.Report.Stages.Sum(stage => stage.Busy.TotalSeconds);
        foreach (StageReport stage in _result.Report.Stages)
        {
            long worked = stage.Items + stage.Failures;
            string perPhoto = worked > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{stage.Busy.TotalMilliseconds / worked:0} ms")
                : "";
            string share = work > 0 ? string.Create(CultureInfo.InvariantCulture, $"{stage.Busy.TotalSeconds / work * 100:0} %") : "";
            Line($"<tr><td>{Text(stage.Name)}</td><td class=\"wide\">{Bar(stage)}</td><td class=\"n\">{Seconds(stage.Busy)}</td><td "
                + $"class=\"n\">{share}</td><td class=\"n\">{perPhoto}</td><td class=\"n\">{Number(stage.Items)}</td></tr>");
        }

        Line("</tbody></table></div><div class=\"legend\">");
        foreach ((string name, string meaning) in s_accounts)
            Line($"<span><i class=\"{name}\"></i>{name}: {meaning}</span>");
        Line("</div>");
    }

    private static readonly (string Name, string Meaning)[] s_accounts =
    [
        ("busy", "working on a photo"), ("starved", "no photo to work on"), (
            "blocked", "no room downstream, no memory, or no free processor"),
        ("ordering", "done, waiting for an earlier photo"), ("framework", "inside the pipeline library"),
    ];

    private static string Bar(StageReport stage)
    {
        TimeSpan[] times = [stage.Busy, stage.Starved, stage.Blocked, stage.Ordering, stage.Framework];
        double all = Math.Max(1e-9, times.Sum(time => time.TotalSeconds));
        StringBuilder bar = new("<div class=\"bar\">");
        foreach ((TimeSpan time, (string name, string _)) in times.Zip(s_accounts))
            bar.Append(
                CultureInfo.InvariantCulture,
                $"<i class=\"{name}\" style=\"width:{time.TotalSeconds / all * 100:0.##}%\" title=\"{name} {Seconds(time)}\"></i>");
        return bar.Append("</div>").ToString();
    }

    private void Analysis()
    {
        if (_result.Profile is not { } profile)
            return;
        Line("<h2>What limited the run</h2>");
        using StringWriter section = new();
        ProfileHtml.WriteSection(section, profile);
        _html.Append(section);
    }

    private void Failures()
    {
        if (_result.Failures.Count == 0)
            return;
        Line("<h2>Failed</h2><div class=\"scroll\"><table><thead><tr><th>photo</th><th>stage</th><th>reason</th></tr></thead><tbody>");
        foreach (PhotoFailureInfo failure in _result.Failures)
            Line($"<tr><td>{Text(failure.Source)}</td><td>{Text(failure.Stage)}</td><td>{Text(failure.Error)}</td></tr>");
        Line("</tbody></table></div>");
    }

    private void Photos()
    {
        if (_result.Photos.Count == 0)
            return;
        Line("<h2>Photos</h2>");
        if (_result.Photos.Count > MostThumbnails)
            Line($"<p class=\"soft\">The first {MostThumbnails} of {Number(_result.Photos.Count)} are shown; --json lists all.</p>");
        Line("<div class=\"photos\">");
        foreach (PhotoResult photo in _result.Photos.Take(MostThumbnails))
        {
            string picture = Thumbnail(photo) is { } jpeg
                ? $"<img alt=\"\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">"
                : "<div class=\"none\">no preview</div>";
            string links =
                string.Join(", ", photo.Outputs.Select(output => $"<a href=\"{Text(Link(output))}\">{output.Width} x {output.Height}</a>"));
            Line($"<figure>{picture}<figcaption>{Text(photo.Photo.Photo.Path)}<br><span "
                + $"class=\"soft\">{links}</span></figcaption></figure>");
        }

        Line("</div>");
    }

    private byte[]? Thumbnail(PhotoResult photo) =>
        photo.Outputs.MinBy(output => output.Width) is { } smallest
            ? _thumbnail(Path.Combine(_result.Settings.OutputFolder, smallest.Path))
            : null;

    private string Link(FinishedOutput output)
    {
        string target = Path.GetFullPath(Path.Combine(_result.Settings.OutputFolder, output.Path));
        string relative = Path.GetRelativePath(_reportFolder, target);
        return Path.IsPathRooted(relative)
            ? new Uri(relative).AbsoluteUri
            : string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    private void Settings()
    {
        Line("<h2>Settings</h2><table><tbody>");
        foreach ((string name, string value) in RecipeText.Rows(_result.Settings.Recipe))
            Row(name, value);
        Row("workers", _result.Settings.Workers.ToString(CultureInfo.InvariantCulture));
        Line("</tbody></table>");
    }

    private void Tile(string value, string label, string kind = "") =>
        Line($"<div class=\"tile {kind}\"><b>{Text(value)}</b><span>{Text(label)}</span></div>");

    private void Row(string name, string value) => Line($"<tr><th>{Text(name)}</th><td>{Text(value)}</td></tr>");
    private void Line(string html) => _html.Append(html).Append('\n');
    private static string Text(string text) => WebUtility.HtmlEncode(text);
    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    private static string Style()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
