namespace Pipeline.Infra;

/// <summary>Follows one packet through the network of a template.</summary>
public static class PacketTracer
{
    /// <summary>Tells the journey of a request, there and back, or every rule that stops it.</summary>
    /// <param name="template">The template.</param>
    /// <param name="from">A tier, a resource, or internet.</param>
    /// <param name="to">A tier or a resource.</param>
    /// <param name="port">The TCP port of the request, or null for one that works.</param>
    /// <param name="claims">The tiers; null when both ends are resources.</param>
    /// <param name="name">The name that a user types; null when it does not matter.</param>
    /// <returns>Proved with the journey, blocked with the rules, or cannot tell with what is missing.</returns>
    /// <exception cref="TemplateException">An end is no tier and no resource.</exception>
    public static Verdict Trace(InfraTemplate template, string from, string to, int? port = null, ClaimSet? claims = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        ClaimChecker checker = new(template.Network, claims ?? new ClaimSet());
        return checker.Check(new TraceClaim(new Location("trace", 1), name ?? to, from, to, port));
    }
}
