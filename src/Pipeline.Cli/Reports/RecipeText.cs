using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Says what a recipe asks for, for the HTML report.</summary>
internal static class RecipeText
{
    /// <summary>Gets a row for each step.</summary>
    public static IEnumerable<(string Name, string Value)> Rows(PhotoRecipe recipe) =>
    [
        ("widths", string.Join(", ", recipe.Widths) + (recipe.Enlarge ? ", enlarged when needed" : "")),
        ("format", recipe.FormatName + (recipe.IsLossless ? "" : $", quality {recipe.Quality}")),
        ("blur", recipe.Blur > 0 ? Number(recipe.Blur) : "off"),
        ("sharpen", recipe.Sharpen > 0 ? Number(recipe.Sharpen) : "off"),
        ("watermark", recipe.Watermark is { } file ? $"{file}, {recipe.Position}, opacity {Number(recipe.Opacity)}" : "none"),
        ("metadata", recipe.KeepMetadata ? "kept" : "removed"),
    ];

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
