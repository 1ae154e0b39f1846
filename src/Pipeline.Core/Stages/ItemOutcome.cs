namespace Pipeline.Core;

/// <summary>What became of an item.</summary>
internal enum ItemOutcome
{
    Completed,
    Failed,
    Skipped,
    Unfinished,
}
