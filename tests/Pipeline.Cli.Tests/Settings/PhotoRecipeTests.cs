using System.Reflection;
using System.Text.Json;
using Pipeline.Imaging;

namespace Pipeline.Cli.Tests.Settings;

/// <summary>
/// An option that changes the outputs must reach worker processes, the fingerprint and the report. These tests look at every property there is.
/// </summary>
public sealed class PhotoRecipeTests
{
    // Nothing at its default: no change is without effect, and nothing that is lost looks unchanged.
    private static readonly PhotoRecipe s_recipe = new()
    {
        Widths = [640, 320],
        Enlarge = true,
        Blur = 1.5,
        Sharpen = 0.5,
        Watermark = "logo.png",
        Opacity = 0.7,
        Position = "top",
        Format = OutputFormat.WebP,
        Quality = 70,
        KeepMetadata = true,
    };

    private static readonly byte[] s_watermark = [1, 2, 3];

    public static TheoryData<string> Options =>
        [.. typeof(PhotoRecipe).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Options))]
    public void AnyOption_Changed_ChangesFingerprintReportAndOrder(string name)
    {
        PhotoRecipe changed = Changed(name);
        // Of the watermark the content counts, not the name.
        byte[] watermark = name == nameof(PhotoRecipe.Watermark) ? [1, 2, 4] : s_watermark;
        Assert.NotEqual(RecipeFingerprint.Of(s_recipe, s_watermark), RecipeFingerprint.Of(changed, watermark));
        Assert.NotEqual(RecipeText.Rows(s_recipe), RecipeText.Rows(changed));
        Assert.NotEqual(Json(s_recipe), Json(changed));
        Assert.Equal(Json(changed), Json(Traveled(changed)));
    }

    [Fact]
    public void Sample_EveryOption_DiffersFromItsDefault() =>
        Assert.All(Options, option => Assert.NotEqual(Json(new PhotoRecipe()), Json(With(new PhotoRecipe(), option.Data, s_recipe))));

    [Fact]
    public void Fingerprint_WhatHasNoEffect_DoesNotCount()
    {
        PhotoRecipe plain = s_recipe with { Watermark = null, Format = OutputFormat.Png };
        string expected = RecipeFingerprint.Of(plain, []);
        Assert.Equal(expected, RecipeFingerprint.Of(plain with { Opacity = 0.1 }, []));
        Assert.Equal(expected, RecipeFingerprint.Of(plain with { Position = "left" }, []));
        Assert.Equal(expected, RecipeFingerprint.Of(plain with { Quality = 1 }, []));
        Assert.Equal(expected, RecipeFingerprint.Of(plain with { Widths = [320, 640] }, []));
        Assert.Equal(
            RecipeFingerprint.Of(s_recipe, s_watermark), RecipeFingerprint.Of(s_recipe with { Watermark = "renamed.png" }, s_watermark));
    }

    private static PhotoRecipe Traveled(PhotoRecipe recipe)
    {
        PhotoOrder order = new(
            new PhotoSource("a.dng", new PhotoHeader(PhotoKind.Raw, 4, 3, 1, 10)), "a", "out", recipe, new SharingSettings(), 1);
        string text = JsonSerializer.Serialize(order, PhotoOrderJson.Default.PhotoOrder);
        return JsonSerializer.Deserialize(text, PhotoOrderJson.Default.PhotoOrder)!.ToSettings().Recipe;
    }

    private static PhotoRecipe Changed(string name) => With(s_recipe, name, new PhotoRecipe
    {
        Widths = [640],
        Enlarge = false,
        Blur = 2,
        Sharpen = 0.25,
        Watermark = "other.png",
        Opacity = 0.2,
        Position = "left",
        Format = OutputFormat.Avif,
        Quality = 71,
        KeepMetadata = false,
    });

    private static PhotoRecipe With(PhotoRecipe recipe, string name, PhotoRecipe other)
    {
        PropertyInfo option = typeof(PhotoRecipe).GetProperty(name)!;
        PhotoRecipe copy = recipe with { };
        option.SetValue(copy, option.GetValue(other));
        return copy;
    }

    private static string Json(PhotoRecipe recipe) => JsonSerializer.Serialize(recipe, RecipeJson.Default.PhotoRecipe);
}
