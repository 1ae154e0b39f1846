namespace Pipeline.Processes;

/// <summary>Knows the buffers of the message that this thread writes or reads.</summary>
internal abstract class SharedTransfer
{
    [ThreadStatic]
    private static SharedTransfer? s_current;

    /// <summary>Gets the transfer of the message at hand.</summary>
    /// <exception cref="NotSupportedException">None is at hand.</exception>
    public static SharedTransfer Current => s_current
        ?? throw new NotSupportedException(
            "A SharedBuffer is serialized outside of a call to a process pool. It is a place in shared memory, so it means something to "
                + "the workers of its pool only. Save its bytes instead.");

    /// <summary>Makes a transfer the current one of this thread.</summary>
    /// <returns>What to enter again afterwards.</returns>
    public static SharedTransfer? Enter(SharedTransfer? transfer)
    {
        SharedTransfer? outer = s_current;
        s_current = transfer;
        return outer;
    }

    /// <summary>A buffer is written into the message.</summary>
    public abstract void Add(SharedBuffer buffer);

    /// <summary>A buffer is read from the message.</summary>
    public abstract SharedBuffer Resolve(long offset, int length);
}
