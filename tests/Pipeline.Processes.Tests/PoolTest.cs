using System.Globalization;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

/// <summary>Starts pools of the test host and checks afterwards that nothing of them is left.</summary>
public abstract class PoolTest : IAsyncLifetime
{
    /// <summary>The limit of every wait. Generous: it is there to end a hang, not to measure.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<ProcessPool> _pools = [];

    protected RecordingLogger Log { get; } = new();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("pipeline-pool-").FullName;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (ProcessPool pool in _pools)
            await pool.DisposeAsync().AsTask().WaitAsync(Limit);
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        Assert.Empty(WorkersOfThisProcess());
    }

    protected ProcessPool StartPool(Action<ProcessPoolOptions>? configure = null)
    {
        ProcessPoolOptions options = new()
        {
            Name = GetType().Name,
            Launch = WorkerLaunch.Program("Pipeline.Processes.TestHost.dll"),
            Workers = 1,
            Logger = Log,
        };
        configure?.Invoke(options);
        ProcessPool pool = ProcessPool.Start(options);
        _pools.Add(pool);
        return pool;
    }

    protected static WorkerFunction<Order, Answer> Function(ProcessPool pool, string name) =>
        pool.Function(name, HostJson.Default.Order, HostJson.Default.Answer);

    /// <summary>Waits until a condition holds; it is asked after each line that the pools log.</summary>
    protected async Task Eventually(Func<bool> condition) => await Log.WhenAsync(condition).WaitAsync(Limit);

    /// <summary>Waits until the pool has all its workers and one spare.</summary>
    protected Task WorkersAndSpareAreReady(ProcessPool pool) =>
        Eventually(() => pool.Snapshot() is { SparesReady: 1, WorkersStarting: 0 } now && now.WorkersReady == pool.Workers);

    /// <summary>Waits until a handler has written the id of its process into a file.</summary>
    protected static async Task<int> HangingProcess(string file)
    {
        await FileSignal.WaitAsync(Path.GetDirectoryName(file)!, Path.GetFileName(file), Limit);
        return int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
    }

    protected static bool IsAlive(int process) => Directory.Exists($"/proc/{process}")
        && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    /// <summary>Test hosts whose parent is this process, dead ones that were not reaped included.</summary>
    protected static IReadOnlyList<int> WorkersOfThisProcess() => ChildrenOf(Environment.ProcessId);

    protected static IReadOnlyList<int> ChildrenOf(int process)
    {
        List<int> workers = [];
        foreach (string folder in Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [])
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id))
                continue;
            try
            {
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[1] == process.ToString(CultureInfo.InvariantCulture))
                    workers.Add(id);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return workers;
    }
}
