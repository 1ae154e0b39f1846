using System.Globalization;
using System.Text;

namespace Pipeline.Sync;

/// <summary>The file that fixes the capacity of a semaphore. Text, so that a person can read it; created whole or not at all; never changed.</summary>
internal sealed record SemaphoreMeta(int Capacity, Guid Id)
{
    public const int MaxCapacity = 1000;
    public const string FileName = "meta";
    private const string Head = "pipeline-semaphore 1";

    public static SemaphoreMeta OpenOrCreate(string directory, int capacity)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
            AtomicFile.TryCreate(path, 0, Encoding.UTF8.GetBytes(new SemaphoreMeta(capacity, Guid.NewGuid()).ToText()));
        return Read(path);
    }

    public static SemaphoreMeta Read(string path)
    {
        string text = File.ReadAllText(path);
        string[] lines = text.Split('\n');
        if (lines.Length >= 4 && lines[0] == Head
            && lines[1].StartsWith("capacity ", StringComparison.Ordinal) && lines[2].StartsWith("id ", StringComparison.Ordinal)
            && int.TryParse(lines[1].AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out int capacity)
            && Guid.TryParseExact(lines[2].AsSpan(3), "N", out Guid id)
            && new SemaphoreMeta(capacity, id) is var meta && text == meta.ToText()
            && capacity is >= 1 and <= MaxCapacity)
        {
            return meta;
        }

        throw new InvalidDataException(
            $"'{path}' is not the meta file of a semaphore of format 1: it begins with '{lines[0][..Math.Min(lines[0].Length, 40)]}'. "
            + "It was written by another version or damaged. "
            + "Use another directory, or stop all processes that use it and delete the directory.");
    }

    public string ToText()
    {
        string facts = string.Create(CultureInfo.InvariantCulture, $"{Head}\ncapacity {Capacity}\nid {Id:N}\n");
        return string.Create(CultureInfo.InvariantCulture, $"{facts}crc {Checksum.Of(Encoding.UTF8.GetBytes(facts)):x8}\n");
    }
}
