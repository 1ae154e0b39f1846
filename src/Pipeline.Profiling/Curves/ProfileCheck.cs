namespace Pipeline.Profiling;

/// <summary>One thing that was checked before a statement is made.</summary>
/// <param name="Name">A short, fixed name, for programs.</param>
/// <param name="Passed">True when nothing speaks against the statement.</param>
/// <param name="Text">What was seen and what it means, in one sentence.</param>
public sealed record ProfileCheck(string Name, bool Passed, string Text);
