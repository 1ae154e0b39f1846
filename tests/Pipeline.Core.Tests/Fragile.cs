namespace Pipeline.Core.Tests;

/// <summary>An item that counts its disposals, which may fail.</summary>
public sealed class Fragile(bool isBroken) : IDisposable
{
    private int _disposals;

    public int Disposals => Volatile.Read(ref _disposals);

    public void Dispose()
    {
        Interlocked.Increment(ref _disposals);
        FailIfBroken();
    }

    private void FailIfBroken()
    {
        if (isBroken)
            throw new FormatException();
    }
}
