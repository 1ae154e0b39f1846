using System.Diagnostics;

namespace Pipeline.Sync.Tests.Licenses;

/// <summary>Full disks, and programs that are started while a permit is held.</summary>
public sealed class SemaphoreFaultTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AcquireAsync_DiskIsFull_TakesAndGivesBackThePermitWithoutTheNameOfTheHolder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(),
            "/dev/full is a Linux device: it can be locked, and every write says that the disk is full.");
        Open(1).Dispose();
        string slot = Path.Combine(_folder["test.lic"], "s000");
        File.Delete(slot);
        File.CreateSymbolicLink(slot, "/dev/full");
        using CrossProcessSemaphore semaphore = Open(1);
        for (int i = 0; i < 2; i++)
        {
            await using PermitLease? lease = await semaphore.TryAcquireAsync(TimeSpan.Zero, cancellationToken: s_none);
            Assert.NotNull(lease);
            PermitDescription permit = Assert.Single(semaphore.Describe().Permits);
            Assert.True(permit.IsHeld);
            Assert.Null(permit.Holder);
        }

        Assert.False(Assert.Single(semaphore.Describe().Permits).IsHeld);
    }

    [Fact]
    public async Task AcquireAsync_NoRoomForTheFilesOfThoseWhoWait_StillWaits()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(),
            "/dev/full is a Linux device: it can be locked, and every write says that the disk is full.");
        Open(1).Dispose();
        File.Delete(Path.Combine(_folder["test.lic"], "gate"));
        File.CreateSymbolicLink(Path.Combine(_folder["test.lic"], "gate"), "/dev/full");
        File.CreateSymbolicLink(Path.Combine(_folder["test.lic"], "w000"), "/nowhere/at/all");
        using CrossProcessSemaphore semaphore = Open(1);
        PermitLease held = await semaphore.AcquireAsync(s_none);
        Task<PermitLease> waiting = semaphore.AcquireAsync(s_none).AsTask();
        Assert.False(waiting.IsCompleted);
        await held.DisposeAsync();
        await using PermitLease got = await waiting.WithinLimit();
        Assert.True(got.IsHeld);
    }

    [Fact]
    public async Task Dispose_WhileAStartedProgramLives_GivesThePermitBackAllTheSame()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Starts cat.");
        CrossProcessSemaphore holder = Open(1);
        _ = await holder.AcquireAsync(s_none);
        using Process child =
            System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        holder.Dispose(); // closes the file without unlocking it, as a death does: a child that had inherited it would keep the lock
        using CrossProcessSemaphore other = Open(1);
        await using PermitLease? lease = await other.TryAcquireAsync(TimeSpan.Zero, cancellationToken: s_none);
        bool lives = !child.HasExited;
        child.StandardInput.Close();
        await child.WaitForExitAsync(s_none).WithinLimit();
        Assert.True(lives);
        Assert.NotNull(lease);
    }

    private CrossProcessSemaphore Open(int capacity) => CrossProcessSemaphore.Open(_folder.Path, "test", capacity);
}
