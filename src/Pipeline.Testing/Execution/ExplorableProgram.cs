namespace Pipeline.Testing;

/// <summary>A concurrent program that the explorer can run again and again, each time in another order of steps.</summary>
/// <remarks>The two kinds are <see cref="ModelProgram"/> and the programs over real code. Thread-safe: each run has its own state.</remarks>
public abstract class ExplorableProgram
{
    private readonly Lazy<string> _layout;

    private protected ExplorableProgram(string name, Delegate build, int crashes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(build);
        ArgumentOutOfRangeException.ThrowIfNegative(crashes);
        (Name, CrashBudget) = (name, crashes);
        _layout = new Lazy<string>(() => LayoutFingerprint.Of(this));
    }

    /// <summary>Gets the name that reports use.</summary>
    public string Name { get; }

    /// <summary>Gets the fingerprint of the scheduling points; it goes into replay strings.</summary>
    /// <value>Eight hexadecimal digits, from the kinds of steps and the names in the run without preemptions.</value>
    public string Layout => _layout.Value;

    /// <summary>Gets how many crashes one run may contain.</summary>
    /// <value>0 or more; 0 means that crashes in a schedule have no effect.</value>
    public int CrashBudget { get; }

    internal abstract Execution Start();

    /// <summary>Runs the programs of this kind that must fail.</summary>
    internal abstract void CheckCanaries(ExplorerOptions options);
}
