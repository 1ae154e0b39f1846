using System.Text;

namespace Pipeline.Cli;

/// <summary>Writes the JSON document and the HTML report where the user wants them.</summary>
internal static class ReportFiles
{
    /// <summary>Writes what the options ask for; files appear whole or not at all.</summary>
    /// <param name="result">The run.</param>
    /// <param name="environment">Where standard output is.</param>
    /// <param name="toHtml">Whether the HTML report is worth writing.</param>
    /// <returns>A task that ends when they are written.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task WriteAsync(JobResult result, CliEnvironment environment, bool toHtml)
    {
        PhotoJobSettings settings = result.Settings;
        if (settings.Json == "-")
            await environment.Out.WriteAsync(Encoding.UTF8.GetString(RunJson.Write(result))).ConfigureAwait(false);
        else if (settings.Json is { } json)
            await ReplaceAsync(json, RunJson.Write(result)).ConfigureAwait(false);
        if (toHtml && settings.Report is { } report)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(report))!;
            await ReplaceAsync(report, Encoding.UTF8.GetBytes(HtmlReport.Write(result, folder, Thumbnail.Of))).ConfigureAwait(false);
        }
    }

    public static async Task ReplaceAsync(string path, byte[] content)
    {
        // A device or a pipe is written to; renaming a file over it would replace it.
        if (OperatingSystem.IsLinux()
            && (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal)))
        {
            await File.WriteAllBytesAsync(path, content).ConfigureAwait(false);
            return;
        }

        path = RealPath.Of(path);
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await File.WriteAllBytesAsync(temporary, content).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
