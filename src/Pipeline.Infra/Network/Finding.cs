namespace Pipeline.Infra;

/// <summary>Something in a template that does nothing or is probably not meant.</summary>
/// <param name="Code">A short name, as the analyzer of AWS writes it.</param>
/// <param name="At">The place.</param>
/// <param name="Message">What stands there and what follows from it.</param>
public sealed record Finding(string Code, Location At, string Message);
