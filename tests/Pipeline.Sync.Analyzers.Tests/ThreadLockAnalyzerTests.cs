namespace Pipeline.Sync.Analyzers.Tests;

public sealed class ThreadLockAnalyzerTests
{
    [Theory]
    [InlineData("Monitor.Enter(gate);\nawait Task.Yield();\nMonitor.Exit(gate);")]
    [InlineData("bool taken = false; Monitor.Enter(gate, ref taken); try {\nawait Task.Yield(); } finally { Monitor.Exit(gate); }")]
    [InlineData("slim.EnterReadLock();\nawait Task.Yield();\nslim.ExitReadLock();")]
    [InlineData("mutex.WaitOne();\nawait Task.Yield();\nmutex.ReleaseMutex();")]
    [InlineData("threadLock.Enter();\nawait Task.Yield();\nthreadLock.Exit();")]
    public async Task AwaitInsideThreadLock_BetweenEnterAndExit_IsReported(string body) =>
        Assert.Equal(["PSYNC002@2"], await Snippet.RunAsync(body));

    [Theory]
    [InlineData("Monitor.Enter(gate); Monitor.Exit(gate);\nawait Task.Yield();")]
    [InlineData("slim.EnterReadLock(); slim.ExitReadLock(); await Task.Yield(); slim.EnterReadLock(); slim.ExitReadLock();")]
    [InlineData("await using var held = await LockSet.AcquireAsync(Ever, token, a);\nawait Task.Yield();")]
    [InlineData("Monitor.Enter(gate); Func<Task> later = async () => { await Task.Yield(); }; Monitor.Exit(gate);")]
    public async Task AwaitInsideThreadLock_OutsideOrWithALease_IsNotReported(string body) =>
        Assert.Empty(await Snippet.RunAsync(body));
}
