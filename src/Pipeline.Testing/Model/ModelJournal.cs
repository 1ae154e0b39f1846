namespace Pipeline.Testing;

/// <summary>An append-only file that survives crashes: charges in a ledger, names of published outputs.</summary>
public sealed class ModelJournal : ModelResource
{
    private readonly List<string> _keys = [];

    internal ModelJournal(ModelRun run, string name)
        : base(run, name)
    {
    }

    /// <summary>Gets the keys in the order in which they were written, repeats included; for rules.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>Appends a key, whether it is there or not.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The step.</returns>
    public ModelStep<bool> Append(string key) =>
        new(Run, new StepShape(this, StepEffect.Writes, $"append {key} to {Name}"), null,
            () =>
            {
                _keys.Add(key);
                return true;
            },
            _ => $"append {key} to {Name}");

    /// <summary>Appends a key unless it is there: what a unique constraint does.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The step; awaiting it gives whether the key was new.</returns>
    public ModelStep<bool> AppendOnce(string key) =>
        new(Run, new StepShape(this, StepEffect.Writes, $"append {key} to {Name} once"), null,
            () =>
            {
                if (_keys.Contains(key))
                    return false;
                _keys.Add(key);
                return true;
            },
            added => added ? $"append {key} to {Name}" : $"append {key} to {Name}: there already");

    /// <summary>Looks whether a key is there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The step; awaiting it gives whether the key is there.</returns>
    public ModelStep<bool> Contains(string key) =>
        new(Run, new StepShape(this, StepEffect.Reads, $"look for {key} in {Name}"), null, () => _keys.Contains(key),
            found => $"look for {key} in {Name}: {(found ? "there" : "not there")}");

    internal override string Show() => _keys.Count == 0 ? "empty" : string.Join(' ', _keys);
}
