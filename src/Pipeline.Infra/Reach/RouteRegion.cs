namespace Pipeline.Infra;

/// <summary>The destinations that one route decides over.</summary>
/// <param name="Route">The route; null for the local route of the network.</param>
/// <param name="May">The addresses that may be routed here.</param>
/// <param name="Must">The addresses that are routed here for sure.</param>
internal sealed record RouteRegion(Route? Route, IReadOnlyList<Interval> May, IReadOnlyList<Interval> Must)
{
    internal RouteTarget Target => Route?.Target ?? RouteTarget.Local;
}
