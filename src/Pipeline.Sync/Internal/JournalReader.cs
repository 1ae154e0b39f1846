using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>Reads the complete records of a journal, while its owner may be writing, or after it died.</summary>
internal sealed record JournalReader(string Path, Guid Id, long Length)
{
    /// <summary>Opens a journal to look at it; null when the file is no journal or not complete yet.</summary>
    public static JournalReader? Open(string path)
    {
        using SafeFileHandle file = OpenHandle(path);
        Span<byte> header = stackalloc byte[JournalFormat.RecordLength];
        int read = RandomAccess.Read(file, header, 0);
        return JournalFormat.ReadHeader(header[..read]) is { } id ? new JournalReader(path, id, RandomAccess.GetLength(file)) : null;
    }

    /// <summary>Reads from a record on, up to the first that is not complete.</summary>
    public List<JournalEntry> ReadFrom(long sequence)
    {
        List<JournalEntry> entries = new List<JournalEntry>();
        using SafeFileHandle file = OpenHandle(Path);
        byte[] buffer = new byte[JournalFormat.RecordLength * 1024];
        while (true)
        {
            int read = ReadFully(file, buffer, OffsetOf(sequence));
            int at = 0;
            for (; at + JournalFormat.RecordLength <= read; at += JournalFormat.RecordLength)
            {
                if (JournalFormat.Read(buffer.AsSpan(at, JournalFormat.RecordLength), Id, sequence) is not { } entry)
                    return entries;
                entries.Add(entry);
                sequence++;
            }

            if (read < buffer.Length)
                return entries;
        }
    }

    /// <summary>Tells whether a complete record stands behind the first incomplete one: damage in the middle, not the torn end of a crash.</summary>
    public bool HasRecordsAfter(long firstBad)
    {
        using SafeFileHandle file = OpenHandle(Path);
        byte[] record = new byte[JournalFormat.RecordLength];
        for (long sequence = firstBad + 1; OffsetOf(sequence) + JournalFormat.RecordLength <= Length; sequence++)
        {
            if (ReadFully(file, record, OffsetOf(sequence)) == record.Length && JournalFormat.Read(record, Id, sequence) is not null)
                return true;
        }

        return false;
    }

    /// <summary>Forces everything that was written so far to the disk, whoever wrote it.</summary>
    public void Flush()
    {
        using SafeFileHandle file = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    public static long OffsetOf(long sequence) => (sequence + 1) * JournalFormat.RecordLength;

    private static int ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(file, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    private static SafeFileHandle OpenHandle(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
