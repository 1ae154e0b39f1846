using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Processes;

/// <summary>
/// Lets a second thread of a starting worker serve one call to itself, while the main thread still registers functions: what both need is then compiled and
/// loaded in half of the time. It costs a part of the start once more in processor time, so a pool asks for it only when calls wait for the worker and
/// processors are idle.
/// </summary>
internal static class WorkerWarmUp
{
    /// <summary>Begins, when the pool asks for it with the first argument.</summary>
    public static void StartIfUrgent(IReadOnlyList<string> args)
    {
        // What was compiled ahead needs no warming up.
        if (args[0] == Protocol.UrgentWorkerArgument && RuntimeFeature.IsDynamicCodeCompiled)
            new Thread(Run) { IsBackground = true, Name = "Pipeline warm-up" }.Start();
    }

    private static void Run()
    {
        try
        {
            JsonTypeInfo<WarmUpSample> type = new WarmUpJson(new JsonSerializerOptions { Encoder = new WarmUpEncoder() }).WarmUpSample;
            WorkerHandlers handlers = new();
            handlers.Add("x", type, type, static (sample, _) => sample);
            using WarmUpEndpoint endpoint = new(Requests());
            using WorkerLoop loop = new(endpoint, new RegisteredFunctions(handlers));
            loop.Serve();
        }
        catch (Exception error)
        {
            // to the logger of the pool
            Console.Error.WriteLine($"The warm-up of a worker failed, which costs time and nothing else. {error}");
        }
    }

    private static byte[] Requests()
    {
        byte[] start = Protocol.WriteStart(string.Empty, null, null);
        byte[] define = WireStrings.Write((string?[])[Protocol.RegisteredKind, "x"]);
        byte[] call = "{\"Text\":\"x\",\"Number\":1}"u8.ToArray();
        byte[] requests = new byte[(3 * FrameHeader.Size) + start.Length + define.Length + call.Length];
        int end = Add(requests, 0, FrameType.Start, 0, start);
        end = Add(requests, end, FrameType.Define, 0, define);
        _ = Add(requests, end, FrameType.Call, Rehearsal.CallId, call);
        return requests;
    }

    private static int Add(byte[] requests, int at, FrameType type, ulong call, byte[] payload)
    {
        new FrameHeader(payload.Length, type, 1, 0, call).Write(requests.AsSpan(at));
        payload.CopyTo(requests, at + FrameHeader.Size);
        return at + FrameHeader.Size + payload.Length;
    }
}
