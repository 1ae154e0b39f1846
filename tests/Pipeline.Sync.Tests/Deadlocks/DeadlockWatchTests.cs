using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Pipeline.Sync.Tests.Deadlocks;

public sealed class DeadlockWatchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // a flow whose context is not passed on anyway
    public void Wake_FirstInTheProcess_KeepsNoAmbientValueOfTheFlowThatWaits(bool isSuppressed)
    {
        AssemblyLoadContext fresh = new("fresh"); // the library once more, with a watch that nobody has woken
        Type watch = fresh.LoadFromAssemblyPath(typeof(OrderedLock).Assembly.Location)
            .GetType(typeof(DeadlockWatch).FullName!, throwOnError: true)!;
        WeakReference value = FirstUse(watch, isSuppressed);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(value.IsAlive);
        Assert.NotSame(typeof(DeadlockWatch), watch);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference FirstUse(Type watch, bool isSuppressed)
    {
        AsyncLocal<object?> ambient = new();
        object value = new();
        ambient.Value = value;
        using (isSuppressed ? ExecutionContext.SuppressFlow() : default)
            RuntimeHelpers.RunClassConstructor(watch.TypeHandle);
        ambient.Value = null;
        return new WeakReference(value);
    }
}
