namespace Pipeline.Sync.Analyzers.Tests;

public sealed class LeaseAnalyzerTests
{
    [Theory]
    [InlineData("await filter.AcquireAsync(token);")]
    [InlineData("_ = await filter.AcquireAsync(token);")]
    [InlineData("var lease = await filter.AcquireAsync(token);")]
    [InlineData("var lease = await filter.AcquireAsync(token).ConfigureAwait(false); Use(lease.IsHeld);")]
    [InlineData("HeldLocks held = await LockSet.AcquireAsync(Ever, a, b, token);")]
    [InlineData("LockResult result = await LockSet.TryAcquireAsync(Ever, a, token); if (result == null) return null;")]
    [InlineData("var held = await first.AcquireAsync(Ever);")]
    [InlineData("await filter.AcquireAsync(token).AsTask();")]
    [InlineData("await filter.AcquireAsync(token).AsTask().ConfigureAwait(false);")]
    [InlineData("await filter.AcquireAsync(token).AsTask().WaitAsync(token);")]
    public async Task LeaseNotDisposed_ThrownAwayOrForgotten_IsReported(string body) =>
        Assert.Equal(["PSYNC001@1"], await Snippet.RunAsync(body));

    [Theory]
    [InlineData("await using var lease = await filter.AcquireAsync(token);")]
    [InlineData("using var lease = await filter.AcquireAsync(token).ConfigureAwait(false);")]
    [InlineData("await using (var lease = await filter.AcquireAsync(token)) { }")]
    [InlineData("using (await filter.AcquireAsync(token)) { }")]
    [InlineData("var lease = await filter.AcquireAsync(token); try { } finally { lease.Dispose(); }")]
    [InlineData("var lease = await filter.TryAcquireAsync(Ever); lease?.Dispose();")]
    [InlineData("return await filter.AcquireAsync(token);")]
    [InlineData("var lease = await filter.AcquireAsync(token); return lease;")]
    [InlineData("kept = await filter.AcquireAsync(token);")]
    [InlineData("Use(await filter.AcquireAsync(token));")]
    [InlineData("var lease = await filter.AcquireAsync(token); Use(lease);")]
    [InlineData(
        "LockResult result = await LockSet.TryAcquireAsync(Ever, a, token); switch (result) { case LockResult.Acquired x: "
        + "x.Dispose(); break; }")]
    [InlineData("var task = filter.AcquireAsync(token); Use(task);")]
    [InlineData("var lease = await filter.AcquireAsync(token); token.Register(lease.Dispose);")]
    [InlineData("var lease = await filter.AcquireAsync(token); Func<ValueTask> end = lease.DisposeAsync; Use(end);")]
    [InlineData("Same(kept);")]
    [InlineData("Interlocked.Exchange(ref kept!, null)?.Dispose(); Interlocked.Exchange(ref kept!, null);")]
    public async Task LeaseNotDisposed_DisposedOrHandedOn_IsNotReported(string body) =>
        Assert.Empty(await Snippet.RunAsync(body));

    [Theory]
    [InlineData("await using var one = await filter.AcquireAsync(token);\nawait using var two = await watermark.AcquireAsync(token);")]
    [InlineData(
        "await using (var one = await LockSet.AcquireAsync(Ever, a, "
        + "token))\n{ await using var two = await LockSet.AcquireAsync(Ever, b, token); }")]
    [InlineData("await using var one = await LockSet.AcquireAsync(Ever, a, token);\nusing (await filter.AcquireAsync(token)) { }")]
    public async Task TwoAcquisitions_SecondWhileTheFirstIsHeld_IsReported(string body) =>
        Assert.Contains("PSYNC003@2", await Snippet.RunAsync(body));

    [Theory]
    [InlineData("await using var both = await LockSet.AcquireAsync(Ever, filter, watermark, token);")]
    [InlineData(
        "await using (var one = await filter.AcquireAsync(token)) { }\nawait using (var two = await watermark.AcquireAsync(token)) { }")]
    [InlineData("await using var one = await LockSet.AcquireAsync(Ever, a, token);\nawait using var two = await one.ThenAsync(b, Ever);")]
    [InlineData("await using var one = await first.AcquireAsync(Ever);\nawait using var two = await one.ThenAsync(second, Ever);")]
    [InlineData(
        "await using var one = await filter.AcquireAsync(token);\nFunc<Task> later = async () => { await using var two = await "
        + "watermark.AcquireAsync(token); };")]
    public async Task TwoAcquisitions_OneSetOrOneAfterTheOtherOrByToken_IsNotReported(string body) =>
        Assert.DoesNotContain(await Snippet.RunAsync(body), rule => rule.StartsWith("PSYNC003", StringComparison.Ordinal));

    [Fact]
    public void Compile_TypedLocksInTheWrongOrder_DoesNotCompile()
    {
        Assert.Empty(Snippet.Errors(
            "await using var one = await first.AcquireAsync(Ever); await using var two = await one.ThenAsync(second, Ever);"));
        Assert.Equal(["CS0315"], Snippet.Errors(
            "await using var one = await second.AcquireAsync(Ever); await using var two = await one.ThenAsync(first, Ever);"));
    }

    [Fact]
    public void Compile_ForgottenAwaitInAUsing_DoesNotCompile() =>
        Assert.Equal(["CS8410"], Snippet.Errors("await using var one = LockSet.AcquireAsync(Ever, a, token);"));
}
