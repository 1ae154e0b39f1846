namespace Pipeline.Sync.Analyzers.Tests;

public sealed class ThreadLockAnalyzerTests
{
    [Theory]
    [InlineData("Monitor.Enter(gate);\nawait Task.Yield();\nMonitor.Exit(gate);")]
    [InlineData("bool taken = false; Monitor.Enter(gate, ref taken); try {\nawait Task.Yield(); } finally { Monitor.Exit(gate); }")]
    [InlineData("slim.EnterReadLock();\nawait Task.Yield();\nslim.ExitReadLock();")]
    [InlineData("mutex.WaitOne();\nawait Task.Yield();\nmutex.ReleaseMutex();")]
    [InlineData("threadLock.Enter();\nawait Task.Yield();\nthreadLock.Exit();")]
    [InlineData("Monitor.Enter(gate);\nawait foreach (int x in numbers) { }\nMonitor.Exit(gate);")]
    [InlineData("Monitor.Enter(gate);\nawait using (resource) { }\nMonitor.Exit(gate);")]
    [InlineData("Monitor.Enter(gate); try {\nawait using var used = resource; }\nfinally { Monitor.Exit(gate); }")]
    [InlineData("if (Monitor.TryEnter(gate)) {\nawait Task.Yield(); Monitor.Exit(gate); }")]
    [InlineData("if (!mutex.WaitOne(0)) return null;\nawait Task.Yield(); mutex.ReleaseMutex();")]
    public async Task AwaitInsideThreadLock_BetweenEnterAndExit_IsReported(string body) =>
        Assert.Equal(["PSYNC002@2"], await Snippet.RunAsync(body));

    [Fact]
    public async Task Analyze_CodeThatIsBeingTyped_DoesNotThrow()
    {
        const string Body =
            "if (!(Monitor.TryEnter(gate) == false)) { await using var one = await filter.AcquireAsync(token).AsTask(); "
            + "await foreach (var x in numbers) { await Task.Yield(); } " +
            "bool mine = mutex.WaitOne(); await using (var two = await LockSet.AcquireAsync(Ever, a, token)) { two?.Dispose(); } _ = "
                + "await first.AcquireAsync(Ever); Monitor.Exit(gate); mutex.ReleaseMutex(); } else { var lost = Same(await "
                + "filter.TryAcquireAsync(Ever)); }";
        for (int length = 1; length <= Body.Length; length += 10)
            Assert.Empty(await Snippet.CrashesAsync(Body[..length]));
    }

    [Theory]
    [InlineData("Monitor.Enter(gate); Monitor.Exit(gate);\nawait Task.Yield();")]
    [InlineData("slim.EnterReadLock(); slim.ExitReadLock(); await Task.Yield(); slim.EnterReadLock(); slim.ExitReadLock();")]
    [InlineData("await using var held = await LockSet.AcquireAsync(Ever, a, token);\nawait Task.Yield();")]
    [InlineData("if (!mutex.WaitOne(0)) { await Task.Yield(); return null; } mutex.ReleaseMutex();")]
    [InlineData("if (!Monitor.TryEnter(gate)) await Task.Yield(); else Monitor.Exit(gate);")]
    [InlineData("if (Monitor.TryEnter(gate) == false) await Task.Yield(); else Monitor.Exit(gate);")]
    [InlineData("bool mine = Monitor.TryEnter(gate); if (mine) Monitor.Exit(gate); else await Task.Yield();")]
    [InlineData("{ await using var used = resource; Monitor.Enter(gate); Monitor.Exit(gate); }")]
    [InlineData("await using (resource) { Monitor.Enter(gate); Monitor.Exit(gate); }")]
    [InlineData(
        "Monitor.Enter(gate); using var used = new CancellationTokenSource(); foreach (int x in new[] { 1 }) { } Monitor.Exit(gate);")]
    [InlineData("Monitor.Enter(gate); Func<Task> later = async () => { await Task.Yield(); }; Monitor.Exit(gate);")]
    public async Task AwaitInsideThreadLock_OutsideOrWithALease_IsNotReported(string body) =>
        Assert.Empty(await Snippet.RunAsync(body));
}
