namespace Pipeline.Processes;

/// <summary>A call that was assigned to a worker under the lock and is sent outside of it; the call's own fields may have moved on by then.</summary>
internal readonly record struct PoolDispatch(WorkerProcess Worker, PoolCall Call, ulong Id, int Attempt);
