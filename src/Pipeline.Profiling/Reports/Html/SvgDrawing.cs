using System.Globalization;
using System.Text;

namespace Pipeline.Profiling;

/// <summary>Shapes of one chart, in units of a drawing of the given size.</summary>
internal sealed class SvgDrawing(double width, double height)
{
    private readonly StringBuilder _shapes = new();

    public double Width => width;

    public double Height => height;

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Add($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" {style}/>");

    public void Rectangle(double x, double y, double w, double h, string style, string? title = null) =>
        Add($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{Math.Max(0, w):0.##}\" height=\"{Math.Max(0, h):0.##}\" "
            + $"{style}>{Title(title)}</rect>");

    public void Circle(double x, double y, double radius, string style, string? title = null) =>
        Add($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" {style}>{Title(title)}</circle>");

    public void Text(double x, double y, string text, string attributes = "") =>
        Add($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" {attributes}>{HtmlPage.Text(text)}</text>");

    public void Path(IEnumerable<(double X, double Y)> points, string style, bool closed = false)
    {
        StringBuilder path = new();
        foreach ((double x, double y) in points)
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{x:0.##} {y:0.##}");
        if (path.Length > 0)
            Add($"<path d=\"{path}{(closed ? "Z" : "")}\" {style}/>");
    }

    /// <summary>Hatching of its own for each kind of time, so that the kinds differ without color.</summary>
    public void Patterns(string prefix)
    {
        Add($"<defs>");
        Pattern($"{prefix}starved", "--starved", "");
        Pattern($"{prefix}blocked", "--blocked", "<path d=\"M0 6L6 0\" stroke=\"var(--paper)\" stroke-width=\"1.2\"/>");
        Pattern($"{prefix}ordering", "--ordering", "<path d=\"M0 3H6\" stroke=\"var(--paper)\" stroke-width=\"1.2\"/>");
        Pattern($"{prefix}library", "--library", "<circle cx=\"3\" cy=\"3\" r=\"1.1\" fill=\"var(--paper)\"/>");
        Add($"</defs>");
    }

    public string ToSvg(string id, string title, string alternative) => Invariant($"<svg viewBox=\"0 0 {width:0.##} {height:0.##}\" "
        + $"role=\"img\" aria-labelledby=\"{id}t {id}d\"><title id=\"{id}t\">{HtmlPage.Text(title)}</title><desc "
        + $"id=\"{id}d\">{HtmlPage.Text(alternative)}</desc>\n{_shapes}</svg>\n");

    private void Pattern(string id, string color, string mark) =>
        Add($"<pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" "
            + $"fill=\"var({color})\"/>{mark}</pattern>");

    private static string Title(string? title) => title is null ? "" : $"<title>{HtmlPage.Text(title)}</title>";

    private void Add(ref InvariantText shape) => _shapes.Append(shape.ToString()).Append('\n');
}
