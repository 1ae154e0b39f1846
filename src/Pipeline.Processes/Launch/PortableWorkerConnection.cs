using System.Diagnostics;
using System.IO.Pipes;

namespace Pipeline.Processes;

/// <summary>
/// A worker started with <see cref="Process"/> and connected by a named pipe of the current user: Windows and macOS. There is no control page, so a worker has
/// one call in flight.
/// </summary>
internal sealed class PortableWorkerConnection : WorkerConnection
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly NamedPipeServerStream _pipe;
    private readonly Lock _writeGate = new();

    private PortableWorkerConnection(Process process, NamedPipeServerStream pipe)
    {
        _process = process;
        _pipe = pipe;
        ProcessId = process.Id;
    }

    public override int ProcessId { get; }

    public override ControlPage? Page => null;

    public override Stream StandardOutput => _process.StandardOutput.BaseStream;

    public override Stream StandardError => _process.StandardError.BaseStream;

    public static PortableWorkerConnection Start(WorkerCommand command)
    {
        string name = "pipeline-" + Guid.NewGuid().ToString("N")[..16];
        ProcessStartInfo start = new(command.FileName)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = command.WorkingDirectory ?? string.Empty,
        };
        foreach (string argument in command.Arguments)
            start.ArgumentList.Add(argument == Protocol.Descriptors ? name : argument);
        start.Environment.Clear();
        foreach ((string key, string value) in command.Environment)
            start.Environment[key] = value;

        NamedPipeServerStream pipe = new(
            name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
        try
        {
            Process process = Process.Start(start) ?? throw new IOException($"The worker '{command.FileName}' could not be started.");
            try
            {
                WindowsJob.Add(process);
                process.StandardInput.Close();
                Connect(pipe, process);
                return new PortableWorkerConnection(process, pipe);
            }
            catch
            {
                process.Kill();
                process.Dispose();
                throw;
            }
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    public override int Read(Span<byte> destination)
    {
        try
        {
            return _pipe.Read(destination);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return 0; // the worker is gone; WaitForExit says how
        }
    }

    public override bool Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        lock (_writeGate)
        {
            try
            {
                _pipe.Write(first);
                _pipe.Write(second);
                return true;
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    public override void CloseWrite()
    {
        lock (_writeGate)
            _pipe.Dispose();
    }

    public override void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    public override WorkerExit WaitForExit()
    {
        _process.WaitForExit();
        int code = _process.ExitCode;
        _pipe.Dispose();
        return OperatingSystem.IsWindows() || code <= 128 ? new WorkerExit(code, null) : new WorkerExit(null, code - 128);
    }

    private static void Connect(NamedPipeServerStream pipe, Process process)
    {
        using CancellationTokenSource timeout = new(s_connectTimeout);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => CancelQuietly(timeout);
        if (process.HasExited)
            CancelQuietly(timeout);
        try
        {
            // This is the pool's own thread for starting processes; nothing else waits for it.
            pipe.WaitForConnectionAsync(timeout.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new IOException(process.HasExited
                ? $"The worker exited with code {process.ExitCode} before it connected. {process.StandardError.ReadToEnd()}"
                : $"The worker did not connect within {s_connectTimeout.TotalSeconds} s. Call WorkerHost.Run as the first line of Main.");
        }
    }

    private static void CancelQuietly(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection came first.
        }
    }
}
