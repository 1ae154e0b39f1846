namespace Pipeline.Cli.Tests.Support;

/// <summary>Waits until a folder holds a number of finished outputs.</summary>
internal static class FileCount
{
    public static async Task ReachesAsync(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        TaskCompletionSource reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = new FileSystemWatcher(folder);
        void Check()
        {
            if (Directory.EnumerateFiles(folder).Count(file => !Path.GetFileName(file).StartsWith('.')) >= count)
                reached.TrySetResult();
        }

        watcher.Renamed += (_, _) => Check();
        watcher.EnableRaisingEvents = true;
        Check();
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }
}
