namespace Pipeline.Imaging;

/// <summary>Why a photo could not be processed.</summary>
public enum PhotoFailure
{
    /// <summary>The file does not exist, may not be read, or reading it failed.</summary>
    Unreadable,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The content is no picture that can be decoded here.</summary>
    NotAPicture,

    /// <summary>The name says camera RAW, the content is an ordinary picture.</summary>
    NotWhatItsNameSays,

    /// <summary>The format is known, this variant of it is not supported.</summary>
    Unsupported,

    /// <summary>Data is cut off, inconsistent or corrupt.</summary>
    Damaged,

    /// <summary>The picture or the file is larger than the limits allow.</summary>
    TooLarge,

    /// <summary>Camera RAW was met and no RAW decoder is present or usable.</summary>
    NoRawDecoder,

    /// <summary>The native imaging library could not be loaded or set up.</summary>
    NoImagingLibrary,

    /// <summary>The watermark picture is missing or cannot be read.</summary>
    WatermarkUnusable,

    /// <summary>A filter, resize or encode step failed.</summary>
    ProcessingFailed,

    /// <summary>The output would replace an input.</summary>
    OutputIsInput,

    /// <summary>The output could not be written.</summary>
    StoreFailed,
}
