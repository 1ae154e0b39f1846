using System.Diagnostics;

namespace Pipeline.Testing;

/// <summary>Something that the participants of a model program share: a variable, a lock, a file.</summary>
/// <remarks>Belongs to one run; not thread-safe, and need not be, because one participant runs at a time.</remarks>
[DebuggerDisplay("{Name}: {Show()}")]
public abstract class ModelResource
{
    private protected ModelResource(ModelRun run, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Run = run;
        Name = name;
        Index = run.Add(this);
    }

    /// <summary>Gets the name that traces and reports use.</summary>
    public string Name { get; }

    internal ModelRun Run { get; }

    internal int Index { get; }

    /// <summary>Shows the present state in a few characters, for state tables.</summary>
    internal abstract string Show();

    /// <summary>Lists the participants that hold the resource.</summary>
    internal virtual IReadOnlyList<int> Holders => [];

    /// <summary>Takes note that a participant died.</summary>
    internal virtual void OnCrash(int participant)
    {
    }

    /// <summary>Judges the resource at the end of a run in which all participants ended.</summary>
    internal virtual string? JudgeEnd() => null;
}
