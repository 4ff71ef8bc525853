using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>How files are read and encoded in a run.</summary>
internal sealed record IndexingOptions
{
    /// <summary>Files below this folder are never indexed: collections lie there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Bounds on what is decoded.</summary>
    public MediaLimits Limits { get; init; } = new();

    /// <summary>Which frames of a video are looked at.</summary>
    public FrameSampling Sampling { get; init; } = new();

    /// <summary>Tiles of a large picture that are encoded beside the whole, at most.</summary>
    public int PictureTiles { get; init; }

    /// <summary>Reads pages without a text layer, and pictures with much text, by OCR once everything else is stored.</summary>
    public bool RecognizeText { get; init; } = true;

    /// <summary>Languages to recognise, by the names that tesseract has; none to find out.</summary>
    public IReadOnlyList<string> RecognitionLanguages { get; init; } = [];

    /// <summary>Draws the pages of office documents once everything is found by its text.</summary>
    public bool OfficePages { get; init; } = true;

    /// <summary>The Whisper model that listens to videos without subtitles; null for none.</summary>
    public string? SpeechModel { get; init; }

    /// <summary>Size of what is kept of converted documents and of pictures, in bytes; 0 keeps none.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Looked in for tesseract, LibreOffice and mvr-speech before the folders of PATH; null for PATH alone.</summary>
    public string? ToolFolder { get; init; }

    /// <summary>Extensions that are read as plain text beside those that always are.</summary>
    public IReadOnlyList<string> TextExtensions { get; init; } = [];

    /// <summary>Pictures decoded and encoded side by side. In [0, 1024], 0 = one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>A file that was written less than this long ago is looked at again before it counts as complete.</summary>
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Decoded pictures held at once, in bytes; one larger picture is read alone.</summary>
    public long PictureMemoryBytes { get; init; } = 256L << 20;

    /// <summary>The clock of the quiet period; tests bring their own, so that no stall of the machine decides one.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
