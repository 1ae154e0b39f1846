namespace Pipeline.Profiling;

/// <summary>Where worker time went that one worker would not have needed: <c>N T(N) - T(1)</c>.</summary>
/// <param name="Name">What it went to.</param>
/// <param name="Seconds">Worker seconds; negative where something took less than at one worker.</param>
public sealed record LostTime(string Name, double Seconds);
