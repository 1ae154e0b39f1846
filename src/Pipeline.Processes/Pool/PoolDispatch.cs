namespace Pipeline.Processes;

/// <summary>A call that was assigned to a worker under the lock and is sent after it; the call's own fields may have moved on by then.</summary>
internal readonly record struct PoolDispatch(PoolWorker Worker, PoolCall Call, ulong Id, int Attempt);
