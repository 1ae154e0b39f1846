namespace Pipeline.Cli;

/// <summary>Reads the value of an option.</summary>
/// <typeparam name="T">What the value is.</typeparam>
/// <param name="text">What the user gave.</param>
/// <param name="value">The value.</param>
/// <returns>What is wrong with the text and what is right; null when it is right.</returns>
internal delegate string? ValueParser<T>(string text, out T? value);
