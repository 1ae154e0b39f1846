namespace Pipeline.Cli.Tests.Host;

public sealed class InterruptsTests
{
    [Fact]
    public void Signal_FirstAndSecond_DrainThenAbort()
    {
        using Interrupts interrupts = new();
        Assert.Equal(1, interrupts.Signal());
        Assert.True(interrupts.DrainRequested.IsCancellationRequested);
        Assert.False(interrupts.AbortRequested.IsCancellationRequested);
        Assert.Equal(2, interrupts.Signal());
        Assert.True(interrupts.AbortRequested.IsCancellationRequested);
        Assert.Equal(3, interrupts.Signal());
    }
}
