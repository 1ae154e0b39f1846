namespace Pipeline.Sync.Tests.Locks;

public sealed class TypedLockTests
{
    private readonly OrderedLock<Filter> _filter = new("filter");
    private readonly OrderedLock<Watermark> _watermark = new("watermark");

    [Fact]
    public async Task ThenAsync_DeclaredOrder_Compiles()
    {
        await using Held<Filter> filter = await _filter.AcquireAsync(Timeout.InfiniteTimeSpan);
        await using Held<Watermark> watermark = await filter.ThenAsync(_watermark, Timeout.InfiniteTimeSpan);
        Assert.True(filter.IsHeld && watermark.IsHeld && _watermark.Untyped.IsHeld);
        //// await watermark.ThenAsync(_filter, ...) does not compile: CS0315, Filter is not an ILevelAfter<Watermark>. The analyzer tests compile it.
    }

    [Fact]
    public async Task ThenAsync_DeclarationThatContradictsTheRanks_IsStillRefusedAtRunTime()
    {
        await using Held<Watermark> watermark = await _watermark.AcquireAsync(Timeout.InfiniteTimeSpan);
        Assert.Throws<LockOrderException>(() => { _ = watermark.ThenAsync(new OrderedLock<Wrong>("wrong"), Timeout.InfiniteTimeSpan); });
    }

    private readonly struct Filter : ILockLevel
    {
        public static LockLevel Level { get; } = LockLevel.Define("typed filter", 6010, "tests");
    }

    private readonly struct Watermark : ILevelAfter<Filter>
    {
        public static LockLevel Level { get; } = LockLevel.Define("typed watermark", 6020, "tests");
    }

    private readonly struct Wrong : ILevelAfter<Watermark>
    {
        public static LockLevel Level { get; } = LockLevel.Define("typed wrong", 6005, "tests");
    }
}
