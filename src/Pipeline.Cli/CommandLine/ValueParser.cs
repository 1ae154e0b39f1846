namespace Pipeline.Cli;

/// <summary>Reads the value of an option.</summary>
/// <typeparam name="T">What the value is.</typeparam>
/// <returns>What is wrong with the text and what is right; null when it is right.</returns>
internal delegate string? ValueParser<T>(string text, out T? value);
