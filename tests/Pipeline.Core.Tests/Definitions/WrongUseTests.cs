namespace Pipeline.Core.Tests.Definitions;

/// <summary>Each wrong use says what was wrong, the value, the rule and the next step.</summary>
public sealed class WrongUseTests
{
    private static readonly PipelineBuilder<int, int> Builder = PipelineBuilder.Start<int>("wrong").Stage("decode", static x => x);

    public static TheoryData<string, Action, string[]> Table => new()
    {
        { "blank pipeline", static () => PipelineBuilder.Start<int>(" "), ["blank name", "PipelineBuilder.Start"] },
        { "blank stage", static () => Builder.Stage("", static x => x), ["blank name", "'wrong'", "Stage"] },
        { "duplicate stage", static () => Builder.Stage("decode", static x => x), ["'decode'", "unique", "Choose another name"] },
        { "null body", static () => Builder.Stage("b", (Func<int, int>)null!), ["Stage 'b'", "no body"] },
        { "null async body", static () => Builder.Stage("b", (Func<int, CancellationToken, ValueTask<int>>)null!), ["Stage 'b'", "no body"] },
        { "null stage object", static () => Builder.Stage("b", (IStage<int, int>)null!), ["Stage 'b'", "no body"] },
        { "capacity 0", static () => Builder.Stage("b", static x => x, static o => o.Capacity = 0), ["Stage 'b'", "capacity 0", "1 to 1,000,000", "StageOptions.Capacity"] },
        { "workers 0", static () => Builder.Stage("b", static x => x, static o => o.Workers = 0), ["Stage 'b'", "0 workers", "1 to 1,024", "StageOptions.Workers"] },
        { "unknown order", static () => Builder.Stage("b", static x => x, static o => o.Order = (StageOrder)9), ["Stage 'b'", "9", "StageOptions.Order"] },
        { "null policy", static () => Builder.Stage("b", static x => x, static o => o.OnFailure = null!), ["Stage 'b'", "OnFailure", "FailurePolicy.Stop"] },
        { "no stages", static () => PipelineBuilder.Start<int>("empty").Build(), ["'empty'", "no stages", "Stage before Build"] },
        { "null source", static () => Builder.Build().Start((IEnumerable<int>)null!), ["source"] },
        { "null sink", static () => _ = Builder.Build().RunAsync([1], (Func<int, CancellationToken, ValueTask>)null!), ["sink"] },
        { "run workers", static () => Run(new RunOptions { Workers = 0 }), ["0 workers", "1 to 1,024", "RunOptions.Workers"] },
        { "negative budget", static () => Run(new RunOptions { MemoryBudgetBytes = -5 }), ["-5 bytes", "1 or more", "RunOptions.MemoryBudgetBytes"] },
        { "no items in flight", static () => Run(new RunOptions { MaxItemsInFlight = 0 }), ["at most 0", "RunOptions.MaxItemsInFlight"] },
        { "progress interval", static () => Run(new RunOptions { ProgressInterval = TimeSpan.Zero }), ["00:00:00", "10 ms to 1 minute", "RunOptions.ProgressInterval"] },
        { "no clock", static () => Run(new RunOptions { TimeProvider = null! }), ["no clock", "RunOptions.TimeProvider"] },
        { "negative expectation", static () => Run(new RunOptions { ExpectedItems = -1 }), ["expect -1", "RunOptions.ExpectedItems"] },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Table))]
    public void Call_WrongUse_SaysWhatToDo(string what, Action call, string[] words)
    {
        Exception error = Assert.ThrowsAny<Exception>(call);
        Assert.True(error is ArgumentException or InvalidOperationException, what);
        Assert.All(words, word => Assert.Contains(word, error.Message));
    }

    private static void Run(RunOptions options) => _ = Builder.Build().RunAsync([1], options);
}
