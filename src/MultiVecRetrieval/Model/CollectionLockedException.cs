using System.Globalization;

namespace MultiVecRetrieval;

/// <summary>Another writer holds the collection.</summary>
/// <param name="folder">The folder of the collection.</param>
/// <param name="owner">Who holds it; null when that cannot be told.</param>
public sealed class CollectionLockedException(string folder, LockOwner? owner = null)
    : Exception($"The collection {folder} is being written by {Describe(owner)}.")
{
    /// <summary>The folder of the collection.</summary>
    public string Folder { get; } = folder;

    /// <summary>Who holds it; null when that cannot be told.</summary>
    public LockOwner? Owner { get; } = owner;

    private static string Describe(LockOwner? owner) => owner is null
        ? "another process"
        : string.Create(CultureInfo.InvariantCulture,
            $"another process: {owner.Command} (process {owner.ProcessId}), since {owner.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}
