namespace Pipeline.Cli;

/// <summary>Recognizes the error of a disk, or a share of it, that has no room left.</summary>
internal static class DiskFull
{
    // .NET puts the errno into HResult on Unix: ENOSPC, and EDQUOT of Linux and macOS.
    private static readonly int[] s_unixErrors = OperatingSystem.IsMacOS() ? [28, 69] : [28, 122];

    // ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL as HRESULT.
    private static readonly int[] s_windowsErrors = [unchecked((int)0x80070027), unchecked((int)0x80070070)];

    // A file that is made with its final size fails without an error number (FileStream, PreallocationSize); .NET's texts are English only.
    private const string Preallocation = "because the disk was full";

    /// <summary>Tells whether an exception, or one that caused it, says that the disk is full.</summary>
    public static bool IsCauseOf(Exception exception)
    {
        int[] errors = OperatingSystem.IsWindows() ? s_windowsErrors : s_unixErrors;
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException && (errors.Contains(cause.HResult) || cause.Message.Contains(Preallocation, StringComparison.Ordinal)))
                return true;
        }

        return false;
    }
}
