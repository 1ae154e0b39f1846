namespace Pipeline.Infra;

/// <summary>The ports on which one party reaches another.</summary>
/// <param name="From">The source.</param>
/// <param name="To">The destination.</param>
/// <param name="Ports">What works, forth and back, as text; empty when nothing does.</param>
/// <param name="Via">The way.</param>
/// <param name="OneWay">What arrives though no answer comes back, as text; empty for none.</param>
/// <param name="Open">Whether more may work, which the template does not tell.</param>
public sealed record ReachEntry(string From, string To, string Ports, string Via, string OneWay, bool Open);
