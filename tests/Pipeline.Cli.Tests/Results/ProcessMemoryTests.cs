namespace Pipeline.Cli.Tests.Results;

public sealed class ProcessMemoryTests
{
    [Fact]
    public void FromStatus_LinuxStatus_GivesThePeak() =>
        Assert.Equal(1024L * 123456, ProcessMemory.FromStatus(["Name:\tpipeline", "VmPeak:\t  999999 kB", "VmHWM:\t  123456 kB"]));

    [Fact]
    public void FromStatus_NoSuchLine_IsUnknown() => Assert.Null(ProcessMemory.FromStatus(["Name:\tpipeline"]));

    [Fact]
    public void PeakResidentBytes_AfterTouchingMemory_CoversIt()
    {
        byte[] touched = GC.AllocateUninitializedArray<byte>(64 << 20);
        touched.AsSpan().Fill(1);
        Assert.True(ProcessMemory.PeakResidentBytes() > touched.Length);
        GC.KeepAlive(touched);
    }
}
