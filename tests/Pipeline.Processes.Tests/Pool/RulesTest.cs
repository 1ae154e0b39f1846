using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

/// <summary>A pool's rules with a clock that the test moves and workers that are no processes.</summary>
public abstract class RulesTest : IDisposable
{
    private const int NoProcess = 1 << 24; // above the largest process id of Linux, so it is never measured

    private readonly List<FakeConnection> _connections = [];
    private readonly PoolFunction _function = new(0, "f", []);
    private PoolRules? _rules;

    internal FakeTimeProvider Clock { get; } = new();

    internal ProcessPoolOptions Options { get; } = new() { Workers = 1, WarmSpares = 0, Name = "rules" };

    /// <summary>Gets the timers of calls that were due.</summary>
    internal List<(PoolCall Call, ulong Id, long Assigned)> Due { get; } = [];

    /// <summary>Gets the rules; made when they are first asked for, with the options of that moment.</summary>
    internal PoolRules Rules => _rules ??= Make();

    public void Dispose()
    {
        _rules?.AssertInvariants();
        foreach (FakeConnection connection in _connections)
            connection.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a call, not submitted yet.</summary>
    internal PoolCall Call(TimeSpan? deadline = null) => new PoolCall<Answer>(
        _function,
        PayloadWriter.Rent(),
        new CallBuffers(null),
        HostJson.Default.Answer,
        new WorkerCallOptions { Deadline = deadline },
        continuesInline: false,
        CancellationToken.None);

    internal PoolActions Submit(params PoolCall[] calls)
    {
        PoolActions actions = default;
        foreach (PoolCall call in calls)
            Rules.OnSubmit(call, ref actions);
        return actions;
    }

    /// <summary>Starts a worker, and lets it be ready.</summary>
    internal PoolWorker Ready(out PoolActions actions)
    {
        PoolWorker worker = Started();
        actions = default;
        Rules.OnReady(worker, ref actions);
        return worker;
    }

    internal PoolWorker Ready() => Ready(out _);

    internal PoolWorker Started()
    {
        FakeConnection connection = new(NoProcess + _connections.Count);
        _connections.Add(connection);
        PoolWorker worker = new(connection, new RequestSender(connection, 0), Clock.GetTimestamp());
        Assert.True(Rules.OnStarted(worker));
        return worker;
    }

    /// <summary>The worker starts a call that it was sent.</summary>
    internal static void Begin(PoolCall call, TimeSpan ago = default) =>
        Assert.True(
            call.Worker!.Connection.Page!.TryClaim(call.Id, Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency)));

    internal PoolActions Answer(PoolCall call, uint residentKiB = 0)
    {
        PoolActions actions = default;
        PoolWorker worker = call.Worker!;
        FrameHeader header = new(0, FrameType.Result, 1, 0, call.Id, Microseconds: 1, residentKiB);
        Assert.Same(call, Rules.OnAnswer(worker, header, [], ref actions));
        return actions;
    }

    /// <summary>The worker's connection ends, and then its process.</summary>
    internal PoolActions Die(PoolWorker worker, out PoolActions whenExited)
    {
        PoolActions actions = default;
        List<PoolCall> suspects = Rules.OnConnectionLost(worker, ref actions);
        whenExited = default;
        Rules.OnExited(worker, suspects, new WorkerExit(null, 9), string.Empty, ref whenExited);
        return actions;
    }

    internal PoolActions Cancel(PoolCall call)
    {
        PoolActions actions = default;
        Rules.OnCancel(call, ref actions);
        return actions;
    }

    internal PoolActions Inspect()
    {
        PoolActions actions = default;
        Rules.OnInspection(ref actions);
        return actions;
    }

    /// <summary>The oldest timer of a call that is due.</summary>
    internal PoolActions Deadline()
    {
        (PoolCall call, ulong id, long assigned) = Due[0];
        Due.RemoveAt(0);
        PoolActions actions = default;
        Rules.OnDeadline(call, id, assigned, Stopwatch.GetTimestamp(), ref actions);
        return actions;
    }

    /// <summary>
    /// Sends several calls to one idle worker. It gets calls ahead only while those before were short, so an interruption of this test makes it try again.
    /// </summary>
    internal PoolCall[] SubmitAhead(int count)
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            PoolCall first = Call();
            Submit(first);
            Begin(first);
            Answer(first);
            PoolCall[] calls = [.. Enumerable.Range(0, count).Select(_ => Call())];
            if (Submit(calls).Sends().Count == count)
                return calls;
            while (Array.Find(calls, static call => call.Worker is not null) is { } sent)
            {
                Begin(sent);
                Answer(sent);
            }
        }

        throw new InvalidOperationException("A worker of short calls got no calls ahead in 1000 attempts.");
    }

    private PoolRules Make()
    {
        Options.TimeProvider = Clock;
        PoolRules rules = new(Options.CheckAndCopy(), (call, id, assigned) => Due.Add((call, id, assigned)));
        PoolActions actions = default;
        rules.StartDue(ref actions);
        return rules;
    }
}
