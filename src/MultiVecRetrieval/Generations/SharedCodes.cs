using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Generations;

/// <summary>The codes of one segment in one tier. A file that cannot be read costs speed only: the segment is scanned exactly.</summary>
internal sealed class SharedCodes(string path, TierFileRecord record, CodesReader? reader, string? problem) : SharedFile(path)
{
    public TierFileRecord Record { get; } = record;

    /// <summary>The reader, or null when the file could not be opened.</summary>
    public CodesReader? Reader => reader;

    /// <summary>What is wrong with the file, as far as it was read; null when nothing is known.</summary>
    public string? Problem => problem ?? reader?.Problem;

    public override bool IsOpen => reader is not null;

    public override void Close() => reader?.Dispose();
}
