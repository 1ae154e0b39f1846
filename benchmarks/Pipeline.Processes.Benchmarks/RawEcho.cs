using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Processes.Benchmarks;

/// <summary>The floor: 64 bytes to another process and back, with blocking reads and writes and nothing else.</summary>
internal static class RawEcho
{
    private const int Bytes = 64;

    /// <summary>Serves as the other process.</summary>
    public static bool Serve(string[] args)
    {
        byte[] buffer = new byte[Bytes];
        if (args is ["raw-pipe"])
        {
            using FileStream input = new(new SafeFileHandle(0, false), FileAccess.Read, 0);
            using FileStream output = new(new SafeFileHandle(1, false), FileAccess.Write, 0);
            int count;
            while ((count = input.Read(buffer)) > 0)
                output.Write(buffer, 0, count);
            return true;
        }

        if (args is ["raw-socket", string path])
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            int count;
            while ((count = socket.Receive(buffer)) > 0)
                socket.Send(buffer.AsSpan(0, count));
            return true;
        }

        return false;
    }

    public static CallTimes MeasurePipe(CallMeasurement.Placement placement)
    {
        using Process child = Start(["raw-pipe"], placement);
        Stream output = child.StandardInput.BaseStream;
        Stream input = child.StandardOutput.BaseStream;
        byte[] buffer = new byte[Bytes];
        CallTimes times = CallMeasurement.Measure(() =>
        {
            output.Write(buffer);
            output.Flush();
            input.ReadExactly(buffer);
        });
        child.StandardInput.Close();
        child.WaitForExit();
        return times;
    }

    public static CallTimes MeasureSocket(CallMeasurement.Placement placement)
    {
        string path = Path.Combine(Path.GetTempPath(), $"raw-{Environment.ProcessId}.socket");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        using Process child = Start(["raw-socket", path], placement);
        using Socket socket = listener.Accept();
        File.Delete(path);
        byte[] buffer = new byte[Bytes];
        CallTimes times = CallMeasurement.Measure(() =>
        {
            socket.Send(buffer);
            socket.Receive(buffer);
        });
        socket.Shutdown(SocketShutdown.Both);
        child.WaitForExit();
        return times;
    }

    private static Process Start(string[] arguments, CallMeasurement.Placement placement)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        Process child = Process.Start(start)!;
        if (placement == CallMeasurement.Placement.Two)
            Affinity.Pin(child.Id, 1);
        return child;
    }
}
