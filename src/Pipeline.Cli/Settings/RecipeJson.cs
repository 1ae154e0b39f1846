using System.Text.Json.Serialization;

namespace Pipeline.Cli;

/// <summary>Writes and reads recipes without reflection.</summary>
[JsonSerializable(typeof(PhotoRecipe))]
internal sealed partial class RecipeJson : JsonSerializerContext;
