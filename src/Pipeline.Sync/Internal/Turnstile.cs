using System.Buffers.Binary;

namespace Pipeline.Sync.Internal;

/// <summary>The gate that one waiter of all processes passes at a time, so that only one looks at the permits and nobody is overtaken. Safety does not depend on it.</summary>
/// <remarks>
/// The one inside counts its looks in the file; others that see no progress for a quarter of a second conclude that it is stopped and
/// go around it. Locking rule: used only by the head of the in-process line of its semaphore, one at a time.
/// </remarks>
internal sealed class Turnstile(string path) : IDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly FileLock _file = new(path);
    private long _progress;

    internal bool TryEnter() => _file.TryLock();

    internal void Exit() => _file.Unlock();

    internal void ShowProgress()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, ++_progress ^ Environment.ProcessId);
        RandomAccess.Write(_file.Handle, bytes, 0);
    }

    internal long ReadProgress()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        bytes.Clear();
        _ = RandomAccess.Read(_file.Handle, bytes, 0);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public void Dispose() => _file.Dispose();
}
