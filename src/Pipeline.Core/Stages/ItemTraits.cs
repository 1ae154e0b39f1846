namespace Pipeline.Core;

/// <summary>What can be said about the values of a type without looking at one; the just-in-time compiler folds the answers.</summary>
internal static class ItemTraits<T>
{
    /// <summary>False when no value of the type can be disposable.</summary>
    public static readonly bool MayBeDisposable = MayImplement(typeof(IDisposable)) || MayImplement(typeof(IAsyncDisposable));

    /// <summary>False when no value of the type can tell its weight.</summary>
    public static readonly bool MayBeWeighted = MayImplement(typeof(IWeighted));

    private static bool MayImplement(Type contract) => contract.IsAssignableFrom(typeof(T)) || !typeof(T).IsSealed;
}
