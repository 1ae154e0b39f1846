namespace Pipeline.Core.Internal;

/// <summary>What became of an item.</summary>
internal enum ItemOutcome
{
    Completed,
    Failed,
    Skipped,
    Unfinished,
}
