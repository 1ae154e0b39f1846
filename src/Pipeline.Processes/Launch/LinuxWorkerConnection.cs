using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Processes;

/// <summary>
/// A worker started with <c>posix_spawn</c>: two anonymous pipes, the control page and the shared buffers arrive as descriptors 3 to 6. Pipes have the shortest
/// round trip of what the kernel offers without spinning, and no descriptor of one worker ever reaches another one, because all are close-on-exec and only
/// <c>dup2</c> in the child clears that.
/// </summary>
internal sealed unsafe class LinuxWorkerConnection : WorkerConnection
{
    // Targets are 0 to 6, so sources must lie above them.
    private const int FirstSource = 16;

    private readonly Lock _writeGate = new();
    private readonly Lock _processGate = new();
    private readonly int _readEnd;
    private readonly PolledPipe _answers;
    private readonly PipeProgress _requests;
    private readonly byte[] _writeBuffer = new byte[8 * 1024]; // guarded by _writeGate
    private int _writeEnd; // guarded by _writeGate; -1 when closed
    private long _written; // guarded by _writeGate
    private bool _isReaped; // guarded by _processGate: afterwards the id may belong to another process

    private LinuxWorkerConnection(int process, int readEnd, int writeEnd, ControlPage page, Stream output, Stream error)
    {
        ProcessId = process;
        _readEnd = readEnd;
        _writeEnd = writeEnd;
        Page = page;
        _answers = new PolledPipe(readEnd, page.Answers);
        _requests = page.Requests;
        StandardOutput = output;
        StandardError = error;
    }

    public override int ProcessId { get; }
    public override ControlPage Page { get; }

    public override bool SharesBuffers => true;

    public override Stream StandardOutput { get; }
    public override Stream StandardError { get; }

    public static new LinuxWorkerConnection Start(WorkerCommand command, SharedBufferPool? buffers)
    {
        List<int> childEnds = [];
        List<int> ownEnds = [];
        ControlPage? page = null;
        try
        {
            int requestEnd = MakePipe(childEnds, ownEnds, childReads: true);
            int answerEnd = MakePipe(childEnds, ownEnds, childReads: false);
            int outputEnd = MakePipe(childEnds, ownEnds, childReads: false);
            int errorEnd = MakePipe(childEnds, ownEnds, childReads: false);
            page = ControlPage.Create();
            childEnds.Add(Raise(page.Descriptor));
            if (buffers is not null)
                childEnds.Add(Raise(buffers.Descriptor));
            int process = Spawn(command, childEnds);
            LinuxWorkerConnection connection = new(process, answerEnd, requestEnd, page, Open(outputEnd), Open(errorEnd));
            ownEnds.Clear();
            page = null;
            return connection;
        }
        finally
        {
            page?.Dispose();
            foreach (int descriptor in childEnds)
                Libc.close(descriptor);
            foreach (int descriptor in ownEnds)
                Libc.close(descriptor);
        }
    }

    public override void SetPoll(float microseconds) => _answers.SetPoll(microseconds);

    public override int Read(Span<byte> destination) => _answers.Read(destination);

    public override bool Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        lock (_writeGate)
        {
            if (_writeEnd < 0)
                return false;
            int bytes = first.Length + second.Length;
            if (bytes > _writeBuffer.Length)
            {
                if (!Libc.WriteAll(_writeEnd, first) || !Libc.WriteAll(_writeEnd, second))
                    return false;
            }
            else
            {
                first.CopyTo(_writeBuffer);
                second.CopyTo(_writeBuffer.AsSpan(first.Length));
                if (!Libc.WriteAll(_writeEnd, _writeBuffer.AsSpan(0, bytes)))
                    return false;
            }

            _written += bytes;
            _requests.Publish(_written); // the page lives until the writing end is closed
            return true;
        }
    }

    public override void CloseWrite()
    {
        lock (_writeGate)
        {
            if (_writeEnd >= 0)
                Libc.close(_writeEnd);
            _writeEnd = -1;
        }
    }

    public override void Kill()
    {
        lock (_processGate)
        {
            if (!_isReaped)
                Libc.kill(ProcessId, Libc.SigKill);
        }
    }

    public override WorkerExit WaitForExit()
    {
        int status = 0;
        int result;
        do
        {
            result = Libc.waitpid(ProcessId, &status, 0);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted);
        lock (_processGate)
            _isReaped = true;
        CloseWrite();
        Libc.close(_readEnd);
        return result == ProcessId ? WorkerExit.FromWaitStatus(status) : default;
    }

    private static AnonymousPipeClientStream Open(int descriptor)
    {
#pragma warning disable CA2000 // the stream owns the handle
        return new AnonymousPipeClientStream(PipeDirection.In, new SafePipeHandle(descriptor, ownsHandle: true));
#pragma warning restore CA2000
    }

    private static int MakePipe(List<int> childEnds, List<int> ownEnds, bool childReads)
    {
        int* ends = stackalloc int[2];
        if (Libc.pipe2(ends, Libc.CloseOnExec) != 0)
            throw OutOfDescriptors();
        ownEnds.Add(ends[childReads ? 1 : 0]);
        try
        {
            childEnds.Add(Raise(ends[childReads ? 0 : 1]));
        }
        finally
        {
            Libc.close(ends[childReads ? 0 : 1]);
        }

        return ends[childReads ? 1 : 0];
    }

    private static int Raise(int descriptor)
    {
        int raised = Libc.fcntl(descriptor, Libc.DuplicateCloseOnExec, FirstSource);
        return raised >= 0 ? raised : throw OutOfDescriptors();
    }

    private static IOException OutOfDescriptors() =>
        new($"The pool could not open a pipe to a new worker (error {Marshal.GetLastPInvokeError()}). A worker needs 5 descriptors, and "
            + "5 more while it starts; raise the limit on open files (ulimit -n).");

    private static int Spawn(WorkerCommand command, List<int> sources)
    {
        // glibc and musl need at most 80 bytes for the actions and 336 for the attributes.
        byte* actions = stackalloc byte[512];
        byte* attributes = stackalloc byte[1024];
        using NativeStrings arguments = new([command.FileName, .. command.Arguments]);
        using NativeStrings environment = new([.. command.Environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        Check(Libc.posix_spawn_file_actions_init(actions));
        Check(Libc.posix_spawnattr_init(attributes));
        try
        {
            Check(Libc.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", 0, 0));
            ReadOnlySpan<int> targets = [3, 4, 1, 2, 5, 6];
            for (int i = 0; i < sources.Count; i++)
                Check(Libc.posix_spawn_file_actions_adddup2(actions, sources[i], targets[i]));
            if (command.WorkingDirectory is { } folder)
                Check(Libc.posix_spawn_file_actions_addchdir_np(actions, folder));

            // An own process group keeps Ctrl+C in a terminal with the application: it decides how its workers end.
            Check(Libc.posix_spawnattr_setflags(attributes, Libc.SpawnSetProcessGroup));
            Check(Libc.posix_spawnattr_setpgroup(attributes, 0));
            int process;
            int error = Libc.posix_spawn(&process, arguments.Pointer[0], actions, attributes, arguments.Pointer, environment.Pointer);
            return error == 0
                ? process
                : throw new IOException(
                    $"The worker '{command.FileName}' could not be started in "
                        + $"'{command.WorkingDirectory ?? System.Environment.CurrentDirectory}': {Marshal.GetPInvokeErrorMessage(error)}. "
                    + "Check that the file exists and may be executed, and that the working directory exists.");
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new IOException($"A worker could not be prepared: {Marshal.GetPInvokeErrorMessage(error)}.");
    }
}
