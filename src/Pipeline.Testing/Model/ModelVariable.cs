namespace Pipeline.Testing;

/// <summary>A shared variable. Reading it is one step and writing it is another.</summary>
/// <typeparam name="T">The type of the value; use immutable types.</typeparam>
public sealed class ModelVariable<T> : ModelResource
{
    internal ModelVariable(ModelRun run, string name, T initial)
        : base(run, name) => Value = initial;

    /// <summary>Gets the present value, for rules. A participant uses <see cref="Read"/>, which is a step.</summary>
    public T Value { get; private set; }

    /// <summary>Reads the value, as one step.</summary>
    /// <returns>The step; awaiting it gives the value.</returns>
    public ModelStep<T> Read() =>
        new(Run, new StepShape(this, StepEffect.Reads, $"read {Name}"), null, () => Value, value => $"read {Name}: {value}");

    /// <summary>Writes the value, as one step.</summary>
    /// <param name="value">The new value.</param>
    /// <returns>The step; awaiting it gives the value written.</returns>
    public ModelStep<T> Write(T value) =>
        new(Run, new StepShape(this, StepEffect.Writes, $"write {Name}"), null, () => Value = value, written =>
            $"write {Name} = {written}");

    /// <summary>Replaces the value by a function of it, as one step: what an atomic instruction does.</summary>
    /// <param name="change">From the old value to the new one; without side effects.</param>
    /// <param name="name">What the trace calls it, for example <c>add 1 to</c>.</param>
    /// <returns>The step; awaiting it gives the new value.</returns>
    public ModelStep<T> Update(Func<T, T> change, string name = "update") =>
        new(Run, new StepShape(this, StepEffect.Writes, $"{name} {Name}"), null, () => Value = change(Value), value =>
            $"{name} {Name}: {value}");

    /// <summary>Writes the value if the variable still holds the expected one, as one step.</summary>
    /// <param name="expected">The value that must be there.</param>
    /// <param name="value">The new value.</param>
    /// <returns>The step; awaiting it gives whether the value was written.</returns>
    public ModelStep<bool> CompareExchange(T expected, T value) =>
        new(Run, new StepShape(this, StepEffect.Writes, $"compare-exchange {Name}"), null,
            () =>
            {
                if (!EqualityComparer<T>.Default.Equals(Value, expected))
                    return false;
                Value = value;
                return true;
            },
            done => done ? $"exchange {Name}: {expected} -> {value}" : $"exchange {Name}: refused, it is {Value}");

    internal override string Show() => $"{Value}";
}
