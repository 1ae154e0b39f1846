namespace Pipeline.Testing;

/// <summary>Thrown by a property test when a program fails under a schedule. The message is the run in columns.</summary>
public sealed class InterleavingFailedException : Exception
{
    internal InterleavingFailedException(string program, Counterexample counterexample)
        : base($"'{program}' fails under this schedule:\n{counterexample}") => Counterexample = counterexample;

    /// <summary>Gets the failing run.</summary>
    public Counterexample Counterexample { get; }
}
