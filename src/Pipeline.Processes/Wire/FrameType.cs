namespace Pipeline.Processes;

/// <summary>What a frame between a pool and a worker carries.</summary>
internal enum FrameType : byte
{
    /// <summary>Pool to worker, first frame: protocol version, build identity, settings.</summary>
    Start = 1,

    /// <summary>
    /// Worker to pool: the worker is initialized and takes calls. Protocol version and build identity; empty when both ends run the same file.
    /// </summary>
    Ready = 2,

    /// <summary>Worker to pool: initialization failed; the payload is a remote error.</summary>
    StartFailed = 3,

    /// <summary>Pool to worker: binds a function number to a handler name or a static method.</summary>
    Define = 4,

    /// <summary>Pool to worker: one call; the payload is the request as JSON.</summary>
    Call = 5,

    /// <summary>Worker to pool: the result as JSON.</summary>
    Result = 6,

    /// <summary>Worker to pool: the handler threw; the payload is a remote error.</summary>
    Failure = 7,

    /// <summary>Worker to pool: progress of the running call.</summary>
    Progress = 8,

    /// <summary>Worker to pool: asks for shared memory for the running call; the payload is the size in bytes, 64 bits.</summary>
    Rent = 9,

    /// <summary>Pool to worker: the answer to <see cref="Rent"/>: the offset, or a null and why there is none.</summary>
    Rented = 10,

    /// <summary>Pool to worker: a request and a result to rehearse with; see <see cref="Rehearsal"/>.</summary>
    Rehearse = 11,
}
