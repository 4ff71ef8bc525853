using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Interchange;

/// <summary>Writes entries whose rows come from a file, each its own document, in commits of some thousands.</summary>
internal sealed class EntryImport(Collection collection, string space, CancellationToken cancellationToken)
{
    private const int EntriesPerCommit = 10_000;

    /// <summary>d of the space.</summary>
    /// <exception cref="UnknownSpaceException">The collection has no such space.</exception>
    public int Dimension { get; } = collection.Spaces.FirstOrDefault(known => known.Name == space)?.Dimension
        ?? throw new UnknownSpaceException(space, [.. collection.Spaces.Select(known => known.Name)]);

    /// <summary>Writes all entries; gives their number.</summary>
    public int Run(IEnumerable<ImportedEntry> entries)
    {
        using CollectionWriter writer = collection.BeginWrite(cancellationToken);
        int count = 0;
        foreach (ImportedEntry entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(writer, entry);
            count++;
            if (writer.PendingEntryCount >= EntriesPerCommit)
            {
                writer.Commit();
            }
        }

        writer.Commit();
        return count;
    }

    private void Add(CollectionWriter writer, ImportedEntry entry)
    {
        writer.BeginDocument(new Document
        {
            Key = entry.Key,
            MediaType = MediaType.Image,
            ContentType = "application/octet-stream",
            ContentHash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(entry.Values))),
            SizeInBytes = (long)entry.Values.Length * sizeof(float),
            ModifiedAt = DateTimeOffset.UnixEpoch,
        });
        writer.Add(new EntryContent
        {
            Entry = new Entry { Key = entry.Key, DocumentKey = entry.Key, MediaType = MediaType.Image },
            Vectors = new Dictionary<string, MultiVector> { [space] = new MultiVector(Dimension, entry.Values) },
        });
    }
}
