namespace Pipeline.Imaging.Hostile;

/// <summary>A directory of a TIFF file that is being made: tags with values, blocks of pixels and further directories, whose places are filled in when the file is written.</summary>
internal sealed class TiffFolder
{
    public SortedDictionary<ushort, TiffValue> Values { get; } = [];

    /// <summary>Gets the blocks by the tag that holds their places.</summary>
    public SortedDictionary<ushort, byte[][]> Blocks { get; } = [];

    /// <summary>Gets the directories by the tag that points to them, for example 330 (SubIFDs) or 34665 (Exif).</summary>
    public SortedDictionary<ushort, TiffFolder[]> Folders { get; } = [];

    /// <summary>Gets the directories that are the value of a tag of type UNDEFINED, as Canon's maker note is.</summary>
    public SortedDictionary<ushort, TiffFolder> Embedded { get; } = [];

    /// <summary>Gets or sets the next directory of the chain; null for the end.</summary>
    public TiffFolder? Next { get; set; }

    public TiffFolder Set(ushort tag, TiffValue value)
    {
        Values[tag] = value;
        return this;
    }

    /// <summary>Puts pixels into the file and their places and lengths into two tags.</summary>
    public TiffFolder SetBlocks(ushort placesTag, ushort lengthsTag, params byte[][] blocks)
    {
        Blocks[placesTag] = blocks;
        Values[lengthsTag] = TiffValue.Long([.. blocks.Select(static block => (uint)block.Length)]);
        return this;
    }

    public TiffFolder Remove(ushort tag)
    {
        Values.Remove(tag);
        Blocks.Remove(tag);
        return this;
    }
}
