namespace Pipeline.Cli.Tests.Support;

/// <summary>Waits until something is true of the files in a folder.</summary>
internal static class FolderChange
{
    /// <summary>Waits until a file exists.</summary>
    public static Task AppearsAsync(string folder, string name) => UntilAsync(folder, () => File.Exists(Path.Combine(folder, name)));

    /// <summary>Waits until the folder holds a number of finished outputs.</summary>
    public static Task OutputsAsync(string folder, int count) =>
        UntilAsync(folder, () => Directory.EnumerateFiles(folder).Count(file => !Path.GetFileName(file).StartsWith('.')) >= count);

    /// <summary>Waits until a condition holds; it is looked at again whenever a file is made, renamed or written.</summary>
    public static async Task UntilAsync(string folder, Func<bool> condition)
    {
        Directory.CreateDirectory(folder);
        TaskCompletionSource holds = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = new(folder);
        void Check()
        {
            if (condition())
                holds.TrySetResult();
        }

        watcher.Created += (_, _) => Check();
        watcher.Renamed += (_, _) => Check();
        watcher.Changed += (_, _) => Check();
        watcher.EnableRaisingEvents = true;
        Check();
        await holds.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }
}
