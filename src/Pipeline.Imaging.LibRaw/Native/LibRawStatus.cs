namespace Pipeline.Imaging.LibRaw;

/// <summary>The return codes of LibRaw that are told apart here (libraw_const.h, enum LibRaw_errors).</summary>
internal static class LibRawStatus
{
    public const int Ok = 0;
    public const int UnspecifiedError = -1;
    public const int FileUnsupported = -2;
    public const int NotImplemented = -7;
    public const int UnsufficientMemory = -100007;
    public const int DataError = -100008;
    public const int IoError = -100009;
    public const int CanceledByCallback = -100010;
    public const int BadCrop = -100011;
    public const int TooBig = -100012;
}
