namespace Pipeline.Processes;

/// <summary>
/// How far the writer of a pipe has come and on which processor it did, told to the reader without a system call. A hint: the pipe alone decides.
/// </summary>
internal readonly unsafe struct PipeProgress(long* line)
{
    /// <summary>Writer: tells how many bytes are in the pipe or have left it.</summary>
    public void Publish(long bytes)
    {
        Volatile.Write(ref line[1], Libc.sched_getcpu());
        Volatile.Write(ref line[0], bytes);
    }

    /// <summary>Reader: tells whether there is something to read.</summary>
    /// <param name="read">Bytes read so far.</param>
    public bool IsAheadOf(long read) => Volatile.Read(ref line[0]) > read;

    /// <summary>
    /// Reader: tells whether the writer ran on the processor of this thread when it wrote last. If so, it cannot write while this thread runs.
    /// </summary>
    public bool IsWriterHere => Volatile.Read(ref line[1]) == Libc.sched_getcpu();
}
