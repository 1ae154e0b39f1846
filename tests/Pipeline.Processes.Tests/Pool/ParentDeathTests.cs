using System.Diagnostics;

namespace Pipeline.Processes.Tests;

public sealed class ParentDeathTests : PoolTest
{
    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task Parent_IsKilledDuringWork_NoWorkerIsLeft(int signal)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Pipeline.Processes.TestHost"));
        start.ArgumentList.Add("parent");
        start.ArgumentList.Add(Folder);
        using Process parent = Process.Start(start)!;
        await HangingProcess(Path.Combine(Folder, "busy0"));
        await HangingProcess(Path.Combine(Folder, "busy1"));
        IReadOnlyList<int> workers = ChildrenOf(parent.Id);
        Assert.True(workers.Count >= 2);
        string memory = $"pipeline-shared-{parent.Id}";
        Assert.True(SharedMemory.HoldersOf(memory).Count >= 3, "The parent and its workers share memory.");
        using ProcessEnd end = new(workers);
        Signals.Send(parent.Id, signal);
        await parent.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal(0, await end.WaitAsync(Limit));

        // A spare that was started after the look at the children ends as well, by itself if it was too young for the signal.
        using ProcessEnd late = new(SharedMemory.HoldersOf(memory));
        Assert.Equal(0, await late.WaitAsync(Limit));
        Assert.Empty(SharedMemory.HoldersOf(memory));
    }
}
