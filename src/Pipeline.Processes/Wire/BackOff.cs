namespace Pipeline.Processes;

/// <summary>Tries something that may pay or not: always while it does, ever more rarely while it does not.</summary>
/// <remarks>A hint. Threads may share one without a lock: a lost update costs one decision.</remarks>
internal struct BackOff
{
    private const int FirstPause = 16;
    private const int LongestPause = 4096;

    private int _pause; // times to go without, after the next failure
    private int _left; // times to go without, now

    /// <summary>Tells whether to try this time.</summary>
    public bool ShouldTry()
    {
        if (_left == 0)
            return true;
        _left--;
        return false;
    }

    /// <summary>Learns whether it paid.</summary>
    public void Note(bool paid)
    {
        _pause = paid ? 0 : Math.Clamp(_pause * 2, FirstPause, LongestPause);
        _left = _pause;
    }

    /// <summary>It did no harm, and whether it paid is unknown.</summary>
    public void NoteUnknown()
    {
        _pause /= 2;
        _left = _pause;
    }
}
