namespace Pipeline.Infra;

/// <summary>One change of one rule.</summary>
/// <param name="Kind">What was done: drop, widen, narrow, reorder, allow, table, acl, public, move, expose.</param>
/// <param name="Subject">What was changed.</param>
/// <param name="At">The place of what was changed.</param>
/// <param name="Apply">Changes a copy of the network.</param>
internal sealed record Mutation(string Kind, string Subject, Location At, Action<NetworkModel> Apply);
