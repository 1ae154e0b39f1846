namespace Pipeline.Cli.Tests.Support;

/// <summary>Waits until a file exists.</summary>
internal static class FileAppears
{
    public static async Task WhenAsync(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        TaskCompletionSource appeared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = new FileSystemWatcher(folder);
        void Check()
        {
            if (File.Exists(Path.Combine(folder, name)))
                appeared.TrySetResult();
        }

        watcher.Created += (_, _) => Check();
        watcher.Renamed += (_, _) => Check();
        watcher.EnableRaisingEvents = true;
        Check();
        await appeared.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }
}
