namespace Pipeline.Testing;

internal enum StepEffect
{
    /// <summary>Two reads of one resource can change places.</summary>
    Reads,

    Writes,

    /// <summary>Touches nothing shared, but offers to step aside.</summary>
    Yields,

    /// <summary>Depends on everything (virtual time, marks in a history).</summary>
    Orders,
}
