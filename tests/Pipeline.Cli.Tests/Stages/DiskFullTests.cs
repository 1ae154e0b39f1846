namespace Pipeline.Cli.Tests.Stages;

public sealed class DiskFullTests
{
    [Fact]
    public void IsCauseOf_WriteToAFullDevice_IsTrueAlsoWhenWrapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is a device of Linux.");
        IOException full = Assert.Throws<IOException>(() => File.WriteAllText("/dev/full", "text"));
        Assert.True(DiskFull.IsCauseOf(full));
        Assert.True(DiskFull.IsCauseOf(new InvalidOperationException("outer", full)));
    }

    [Fact]
    public void IsCauseOf_OtherErrors_IsFalse()
    {
        Assert.False(DiskFull.IsCauseOf(new FileNotFoundException()));
        Assert.False(DiskFull.IsCauseOf(new InvalidOperationException()));
    }
}
