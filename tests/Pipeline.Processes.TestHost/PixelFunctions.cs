namespace Pipeline.Processes.TestHost;

/// <summary>Functions on shared buffers.</summary>
internal static class PixelFunctions
{
    public static void Register(WorkerHandlers workers)
    {
        workers.Add(
            "sum",
            HostJson.Default.Pixels,
            HostJson.Default.Answer,
            (pixels, _) => new Answer(pixels.Text, Environment.ProcessId, Sum(pixels.Bytes.Span)));
        workers.Add("fill", HostJson.Default.Order, HostJson.Default.Pixels, (order, context) => Fill(order, context));
        workers.Add("invert", HostJson.Default.Pixels, HostJson.Default.Pixels, (pixels, _) => Invert(pixels));
        workers.Add("rent-and", HostJson.Default.Order, HostJson.Default.Answer, RentAnd);
        workers.Add("rent-many", HostJson.Default.Order, HostJson.Default.Answer, RentMany);
    }

    /// <summary>What "fill" writes at a place.</summary>
    public static byte At(int index, int seed) => (byte)((index * 31) + seed);

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte value in bytes)
            sum += value;
        return sum;
    }

    /// <summary>Rents as many bytes as the text says and fills them.</summary>
    private static Pixels Fill(Order order, WorkerCallContext context)
    {
        SharedBuffer buffer = context.Rent(int.Parse(order.Text, System.Globalization.CultureInfo.InvariantCulture));
        Span<byte> bytes = buffer.Span;
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = At(i, order.Number);
        return new Pixels(buffer, order.Text, order.Number);
    }

    private static Pixels Invert(Pixels pixels)
    {
        foreach (ref byte value in pixels.Bytes.Span)
            value = (byte)~value;
        return pixels;
    }

    /// <summary>Rents a number of MiB, writes to all of it, and then does what the text says.</summary>
    private static Answer RentAnd(Order order, WorkerCallContext context)
    {
        context.Rent(order.Number << 20).Span.Fill(1);
        if (order.File is string file)
            Functions.Announce(file);
        switch (order.Text)
        {
            case "throw":
                throw new InvalidDataException("after renting");
            case "abort":
                Environment.FailFast("after renting");
                break;
            case "abort-once" when context.Attempt == 1:
                Environment.FailFast("after renting");
                break;
            case "hang":
                Thread.Sleep(Timeout.Infinite);
                break;
            default:
                break;
        }

        return new Answer(order.Text, Environment.ProcessId, order.Number);
    }

    /// <summary>Rents from several threads at once.</summary>
    private static Answer RentMany(Order order, WorkerCallContext context)
    {
        SharedBuffer[] buffers = new SharedBuffer[order.Number];
        Parallel.For(0, buffers.Length, i =>
        {
            buffers[i] = context.Rent(1000 + i);
            buffers[i].Span.Fill((byte)i);
        });
        int right = 0;
        for (int i = 0; i < buffers.Length; i++)
            right += buffers[i].Length == 1000 + i && buffers[i].Span.IndexOfAnyExcept((byte)i) < 0 ? 1 : 0;
        return new Answer(order.Text, Environment.ProcessId, right);
    }
}
