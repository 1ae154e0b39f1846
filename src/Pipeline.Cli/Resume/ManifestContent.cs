namespace Pipeline.Cli;

/// <summary>What a manifest file holds.</summary>
/// <param name="Photos">The complete records in the order written.</param>
/// <param name="CompleteLength">The bytes up to the end of the last whole line; what follows was cut off while it was written.</param>
/// <param name="DamagedLines">Whole lines that are no records.</param>
internal sealed record ManifestContent(IReadOnlyList<FinishedPhoto> Photos, long CompleteLength, int DamagedLines)
{
    /// <summary>Reads the bytes of a manifest. A line counts when its line feed and its checksum are there.</summary>
    /// <param name="bytes">The bytes, cut off anywhere.</param>
    /// <returns>The complete records; never throws for any content.</returns>
    public static ManifestContent Read(ReadOnlySpan<byte> bytes)
    {
        List<FinishedPhoto> photos = new List<FinishedPhoto>();
        int damaged = 0;
        int position = 0;
        while (bytes[position..].IndexOf((byte)'\n') is >= 0 and int length)
        {
            if (ManifestLine.Read(bytes.Slice(position, length)) is { } photo)
                photos.Add(photo);
            else
                damaged++;
            position += length + 1;
        }

        return new ManifestContent(photos, position, damaged);
    }
}
