using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Generations;

/// <summary>The rows of a segment.</summary>
internal sealed class SharedSegment(string path, SegmentReader? reader, Exception? failure) : SharedFile(path)
{
    /// <summary>The reader, or null when the file could not be opened.</summary>
    public SegmentReader? ReaderOrNull => reader;

    public override bool IsOpen => reader is not null;

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

    public override void Close() => reader?.Dispose();
}
