namespace Pipeline.Processes.Tests;

/// <summary>Waits for files that other processes make, told by the system instead of looking again and again.</summary>
internal static class FileSignal
{
    /// <summary>Waits until a folder has a file; a file counts from the moment at which it has its name.</summary>
    /// <returns>The path of the file.</returns>
    public static async Task<string> WaitAsync(string folder, string pattern, TimeSpan limit)
    {
        TaskCompletionSource<string> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = new(folder, pattern) { IncludeSubdirectories = true };
        watcher.Created += (_, change) => found.TrySetResult(change.FullPath);
        watcher.Renamed += (_, change) => found.TrySetResult(change.FullPath);
        watcher.EnableRaisingEvents = true;
        if (Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).FirstOrDefault() is string there)
            return there;
        return await found.Task.WaitAsync(limit);
    }
}
