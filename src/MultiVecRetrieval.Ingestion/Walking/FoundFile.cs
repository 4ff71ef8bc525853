namespace MultiVecRetrieval.Ingestion.Walking;

/// <summary>A file that a walk met, or a folder that it did not enter.</summary>
/// <param name="Root">Absolute indexed root.</param>
/// <param name="Path">Relative to the root, '/' separated; a folder ends in '/'.</param>
/// <param name="FullPath">Absolute path.</param>
/// <param name="SizeInBytes">Size when it was met.</param>
/// <param name="ModifiedAt">Modification time when it was met.</param>
/// <param name="ChangedAt">When content or status last changed, where the file system tells it; see <see cref="ChangeTime"/>.</param>
/// <param name="Exclusion">Why it is left out, or null.</param>
/// <param name="Problem">Why it cannot be looked at, or null.</param>
internal sealed record FoundFile(
    string Root, string Path, string FullPath, long SizeInBytes, DateTimeOffset ModifiedAt, DateTimeOffset? ChangedAt = null,
    string? Exclusion = null, string? Problem = null)
{
    /// <summary>True when the file on disk still has the size and time that it had when it was met.</summary>
    public bool IsUnchangedOnDisk()
    {
        // As the walk did: size and time of what a link points to, not of the link.
        FileInfo link = new(FullPath);
        FileInfo file = link.LinkTarget is null ? link : link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
        return file.Exists && file.Length == SizeInBytes && IsSameTime(file.LastWriteTimeUtc, ModifiedAt);
    }

    /// <summary>Catalogs keep times to the millisecond; anything closer is the same time.</summary>
    public static bool IsSameTime(DateTimeOffset a, DateTimeOffset b) => (a - b).Duration() <= TimeSpan.FromMilliseconds(1);
}
