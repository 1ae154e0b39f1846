namespace Pipeline.BugFinding.Bugs;

/// <summary>One fresh instance of a seeded bug: what the participants do, and what must hold at the end.</summary>
internal sealed record BugRun(Action[] Participants, Func<bool> Holds);
