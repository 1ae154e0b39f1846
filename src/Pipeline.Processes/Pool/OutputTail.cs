using System.Text;

namespace Pipeline.Processes;

/// <summary>Hands on what a worker writes, line by line, and keeps the end of it.</summary>
/// <param name="capacityBytes">How much to keep.</param>
/// <param name="onLine">Called for each line, from one thread at a time.</param>
internal sealed class OutputTail(int capacityBytes, Action<string> onLine)
{
    // A worker that writes without line ends must not fill the memory of the pool.
    private const int LongestLine = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly byte[] _tail = new byte[capacityBytes]; // guarded by _gate
    private long _written; // guarded by _gate

    /// <summary>Reads until the stream ends.</summary>
    public async Task PumpAsync(Stream stream)
    {
        byte[] buffer = new byte[4096];
        List<byte> line = [];
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                int count;
                while ((count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
                {
                    Keep(buffer.AsSpan(0, count));
                    SplitLines(line, buffer.AsSpan(0, count));
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The stream ended with its process.
        }

        if (line.Count > 0)
            Emit(line);
    }

    public override string ToString()
    {
        lock (_gate)
        {
            int length = (int)Math.Min(_written, _tail.Length);
            byte[] text = new byte[length];
            for (int i = 0; i < length; i++)
                text[i] = _tail[(_written - length + i) % _tail.Length];
            return Encoding.UTF8.GetString(text).Trim();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_tail.Length == 0)
            return;
        lock (_gate)
        {
            foreach (byte value in bytes)
                _tail[_written++ % _tail.Length] = value;
        }
    }

    private void SplitLines(List<byte> line, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value == (byte)'\n')
                Emit(line);
            else if (value != (byte)'\r')
                line.Add(value);
            if (line.Count >= LongestLine)
                Emit(line);
        }
    }

    private void Emit(List<byte> line)
    {
        string text = Encoding.UTF8.GetString([.. line]);
        line.Clear();
        try
        {
            onLine(text);
        }
        catch (Exception)
        {
            // The logger of the application failed. The pump goes on: a worker whose output is not read would wait for ever.
        }
    }
}
