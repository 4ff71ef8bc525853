namespace MultiVecRetrieval.Segments;

/// <summary>An open segment file, shared by every state that lists it; its file goes when it is dropped and no longer used.</summary>
internal sealed class SharedSegment(string path, SegmentReader? reader, Exception? failure)
{
    public string Path { get; } = path;

    /// <summary>Counted under the lock of <see cref="SegmentPool"/>.</summary>
    public int ReferenceCount { get; set; }

    /// <summary>The catalog no longer lists it.</summary>
    public bool IsDropped { get; set; }

    /// <summary>The reader, or null when the file could not be opened.</summary>
    public SegmentReader? ReaderOrNull => reader;

    /// <summary>The reader.</summary>
    /// <exception cref="CorruptSegmentException">The file is damaged.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    public SegmentReader Reader => reader ?? throw failure switch
    {
        // Thrown anew, so that concurrent searches do not share one exception's stack trace.
        CorruptSegmentException e => new CorruptSegmentException(e.Path, e.Offset, e.Expected, e.Actual),
        UnsupportedFormatException e => new UnsupportedFormatException(e.Path, e.Found, e.Supported),
        _ => new CorruptSegmentException(Path, 0, "a segment file", failure?.Message ?? "none"),
    };
}
