using NetVips;

namespace Pipeline.Cases.Tests;

/// <summary>Runs one photo through the tool and holds what comes against a rule.</summary>
internal static class PhotoCase
{
    public static void Check(string name, byte[] content, Rule rule, params string[] more)
    {
        using Scratch scratch = new();
        string input = scratch.Write(name, content), output = scratch["out"];
        ToolResult result = Tool.Process(scratch, input, output, ["--sizes", "100", "--format", "png", .. more]);
        string? picture = Directory.Exists(output) ? Directory.EnumerateFiles(output, "*.png").SingleOrDefault() : null;
        if (result.ExitCode == 1)
        {
            Assert.True(picture is null, "A photo that failed left an output.");
            string failure = Assert.Single(result.Failures).Replace(input, "FILE", StringComparison.Ordinal);
            Assert.True(rule.MayFail, $"refused: {failure}");
            Assert.True(rule.Says.Count == 0 || rule.Says.Any(word => failure.Contains(word, StringComparison.OrdinalIgnoreCase)), $"the failure names none of '{string.Join("', '", rule.Says)}': {failure}");
            foreach (string word in rule.SaysNot)
                Assert.False(failure.Contains(word, StringComparison.OrdinalIgnoreCase), $"the failure says '{word}': {failure}");
            return;
        }

        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}: {result.Error}");
        Assert.True(picture is not null, "exit code 0 without an output");
        using Image image = Image.NewFromFile(picture);
        string seen = Describe(image);
        Assert.True(rule.MayGivePicture, $"a picture came: {seen}");
        Assert.True(rule.Sizes.Count == 0 || rule.Sizes.Contains($"{image.Width}x{image.Height}"), $"the picture has {image.Width}x{image.Height}: {seen}");
        Assert.True(IsNear(image, rule.Colors, rule.Tolerance) || (rule.OtherColors.Count > 0 && IsNear(image, rule.OtherColors, rule.Tolerance)), $"a wrong picture came: {seen}");
        if (rule.Warns)
            Assert.True(result.AllText.Contains("warn", StringComparison.OrdinalIgnoreCase), "the right picture came, but without a warning");
    }

    /// <summary>Gets the size of a picture and the colors of its quadrants.</summary>
    public static string Describe(Image image) => $"{image.Width}x{image.Height} " + string.Join(" ", Enumerable.Range(0, 4).Select(i => Color(image, i)));

    /// <summary>Gets the mean color of the middle of a quadrant.</summary>
    public static (int R, int G, int B) Color(Image image, int quadrant)
    {
        int width = Math.Max(1, image.Width / 5), height = Math.Max(1, image.Height / 5);
        using Image part = image.Crop((quadrant % 2 == 0 ? image.Width / 4 : image.Width * 3 / 4) - width / 2, (quadrant < 2 ? image.Height / 4 : image.Height * 3 / 4) - height / 2, width, height);
        int[] means = [.. Enumerable.Range(0, 3).Select(band =>
        {
            using Image one = part[Math.Min(band, part.Bands - 1)];
            return (int)Math.Round(one.Avg());
        })];
        return (means[0], means[1], means[2]);
    }

    private static bool IsNear(Image image, IReadOnlyList<(byte R, byte G, byte B)> colors, int tolerance) => Enumerable.Range(0, 4).All(i => Distance(Color(image, i), colors[i]) <= tolerance);

    private static int Distance((int R, int G, int B) seen, (byte R, byte G, byte B) right) => Math.Max(Math.Abs(seen.R - right.R), Math.Max(Math.Abs(seen.G - right.G), Math.Abs(seen.B - right.B)));
}
