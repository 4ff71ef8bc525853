namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Bounds on what is decoded. The message of each <see cref="MediaException"/> names the setting that refused.</summary>
public sealed record MediaLimits
{
    /// <summary>Size of a file in bytes. Default 4 GiB.</summary>
    public long MaxFileBytes { get; init; } = 4L << 30;

    /// <summary>Pixels of a picture or video frame, read from the header before anything is decoded. Default 200 million.</summary>
    public long MaxImagePixels { get; init; } = 200_000_000;

    /// <summary>Pages of a document, sections of a text. Default 20,000.</summary>
    public int MaxPages { get; init; } = 20_000;

    /// <summary>UTF-16 units in the text layer of one page. Default 4 million.</summary>
    public int MaxPageTextLength { get; init; } = 4_000_000;

    /// <summary>Bytes of a text file, or of the unpacked XML of an office document. Default 64 MiB.</summary>
    public long MaxTextBytes { get; init; } = 64L << 20;

    /// <summary>Files in the archive that an office document is. Default 10,000.</summary>
    public int MaxArchiveEntries { get; init; } = 10_000;

    /// <summary>How many times its packed size a part of an office document may unpack to, once that is more than 1 MiB. Default
    /// 400.</summary>
    public int MaxCompressionRatio { get; init; } = 400;

    /// <summary>Frames kept of one video; a longer video is looked at less often. At least 1. Default 600.</summary>
    public int MaxFrames { get; init; } = 600;

    /// <summary>Length of a video in seconds. Default one day.</summary>
    public double MaxVideoSeconds { get; init; } = 24 * 3600;

    /// <summary>Time to render or read one page, or to decode one frame. Default 30 s.</summary>
    public TimeSpan PageTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that one child process may spend on a whole file, and that a page of HTML may take. Default 30 minutes.</summary>
    public TimeSpan FileTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Time that LibreOffice may take to convert one document. Default 5 minutes.</summary>
    public TimeSpan OfficeTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Address space of one child process in bytes. Default 2 GiB.</summary>
    public long MaxChildMemoryBytes { get; init; } = 2L << 30;
}
