namespace Pipeline.Jobs.Storm;

/// <summary>What is broken on purpose, in this program and nowhere in the product.</summary>
internal enum Mutation
{
    None,
    NoFencing,
    HeartbeatByTimer,
    ChargeBeforeCommit,
}
