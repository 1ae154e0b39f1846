namespace Pipeline.Infra;

/// <summary>One name of a map with its value.</summary>
internal readonly record struct MapEntry(string Key, Location KeyAt, DocumentNode Value);
