using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pipeline.Cli;

/// <summary>Tells whether two runs would write the same bytes for the same photo.</summary>
internal static class RecipeFingerprint
{
    /// <summary>Computes the fingerprint of everything in a recipe that changes the outputs' bytes.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="watermark">The content of the watermark file, which counts instead of its name; empty without one.</param>
    public static string Of(PhotoRecipe recipe, ReadOnlySpan<byte> watermark)
    {
        PhotoRecipe decisive = recipe.Normalized();
        if (recipe.Watermark is not null)
            decisive = decisive with { Watermark = Convert.ToHexStringLower(SHA256.HashData(watermark)) };
        // Another version may decode or encode otherwise.
        string text =
            $"{typeof(RecipeFingerprint).Assembly.GetName().Version} {JsonSerializer.Serialize(decisive, RecipeJson.Default.PhotoRecipe)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
