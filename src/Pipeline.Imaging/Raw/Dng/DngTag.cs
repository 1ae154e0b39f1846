namespace Pipeline.Imaging;

/// <summary>Tags of the DNG specification (1.7) that decide whether a file is one of those that are read here.</summary>
internal static class DngTag
{
    public const ushort LinearizationTable = 50712;
    public const ushort BlackLevelDeltaH = 50715;
    public const ushort BlackLevelDeltaV = 50716;
    public const ushort DefaultScale = 50718;
    public const ushort ColorMatrix2 = 50722;
    public const ushort CameraCalibration1 = 50723;
    public const ushort AnalogBalance = 50727;
    public const ushort ActiveArea = 50829;
    public const ushort SubTileBlockSize = 50974;
    public const ushort RowInterleaveFactor = 50975;
    public const ushort OpcodeList1 = 51008;
    public const ushort OpcodeList2 = 51009;
    public const ushort OpcodeList3 = 51022;
    public const ushort ColumnInterleaveFactor = 52547;
}
