namespace Pipeline.Profiling.Tests;

/// <summary>Tests that run alone: listeners of other tests to the instruments, which all runs of a process share, would change what they count.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Unobserved
{
    public const string Name = "unobserved";
}
