using System.Collections.Concurrent;

namespace Pipeline.Sync;

/// <summary>Finds and describes semaphores by their files, without taking part in them.</summary>
/// <remarks>Locking: the table of the roots that this process has open is concurrent; files are read while their owners write.</remarks>
internal static class SemaphoreFiles
{
    private const string DirectorySuffix = ".lic";

    private static readonly ConcurrentDictionary<object, string> s_open = new();

    /// <summary>Gets the directories under which this process has semaphores open.</summary>
    public static IEnumerable<string> OpenRoots => s_open.Values.Distinct(StringComparer.Ordinal);

    public static void AddOpen(object semaphore, string root) => s_open[semaphore] = root;

    public static void RemoveOpen(object semaphore) => s_open.TryRemove(semaphore, out _);

    public static string DirectoryOf(string root, string name) => Path.Combine(Path.GetFullPath(root), name + DirectorySuffix);

    public static IReadOnlyList<string> List(string root) =>
        [.. Directory.EnumerateDirectories(root, "*" + DirectorySuffix)
            .Where(directory => File.Exists(Path.Combine(directory, SemaphoreMeta.FileName)))
            .Select(directory => Path.GetFileName(directory)[..^DirectorySuffix.Length]).Order(StringComparer.Ordinal)];

    public static SemaphoreDescription Describe(string root, string name)
    {
        string directory = DirectoryOf(root, name);
        string meta = Path.Combine(directory, SemaphoreMeta.FileName);
        return File.Exists(meta)
            ? Describe(name, directory, SemaphoreMeta.Read(meta).Capacity)
            : throw new DirectoryNotFoundException(
                $"There is no semaphore '{name}' under '{root}': '{meta}' is missing. Check the directory, "
                + "or open the semaphore once to create it.");
    }

    public static SemaphoreDescription Describe(string name, string directory, int capacity) =>
        new(name, directory, capacity, PermitSlots.Describe(name, directory, capacity),
            [.. WaiterFile.Read(directory).OrderBy(waiter => waiter.Since)]);
}
