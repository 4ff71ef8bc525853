using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>What a collection holds already of content that need not be encoded again.</summary>
internal sealed class StoredContent(Collection collection)
{
    /// <summary>Adds the stored rows of these spaces to what was read anew, and the stored text when nothing was read: it may come from a
    /// model that did not run this time.</summary>
    public EntryContent AddRows(EntryContent content, IReadOnlyList<string> spaces)
    {
        if (spaces.Count == 0)
        {
            return content;
        }

        Dictionary<string, MultiVector> vectors = new(content.Vectors);
        foreach (string space in spaces)
        {
            if (collection.Entries.GetVectors(content.Entry.Key, space) is { } rows)
            {
                vectors[space] = rows;
            }
        }

        // A scan has an empty text layer; what was recognised before is still its text.
        TextLayer? text = content.Text is { Words.Count: > 0 }
            ? content.Text
            : collection.Entries.GetText(content.Entry.Key) ?? content.Text;
        return content with { Vectors = vectors, Text = text };
    }

    /// <summary>Text that was found later, with what the entry has besides: the rows of other spaces, its fingerprints.</summary>
    public EntryContent AddTo(EntryContent found)
    {
        Dictionary<string, MultiVector> vectors = GetVectors(found.Entry.Key);
        foreach ((string space, MultiVector rows) in found.Vectors)
        {
            vectors[space] = rows;
        }

        return found with { Vectors = vectors, Fingerprints = collection.Entries.GetFingerprints(found.Entry.Key) };
    }

    /// <summary>The entries of a stored document, in their order, under the key of another.</summary>
    public IEnumerable<EntryContent> CopyEntries(Document original, string newKey)
    {
        foreach (Entry entry in collection.Entries.List(original.Key, limit: int.MaxValue).OrderBy(entry => entry.Page ?? 0))
        {
            yield return new EntryContent
            {
                Entry = entry with { Key = newKey + entry.Key[original.Key.Length..], DocumentKey = newKey },
                Vectors = GetVectors(entry.Key),
                Text = collection.Entries.GetText(entry.Key),
                Fingerprints = collection.Entries.GetFingerprints(entry.Key),
            };
        }
    }

    private Dictionary<string, MultiVector> GetVectors(string entryKey)
    {
        Dictionary<string, MultiVector> vectors = [];
        foreach (Space space in collection.Spaces)
        {
            if (collection.Entries.GetVectors(entryKey, space.Name) is { } rows)
            {
                vectors.Add(space.Name, rows);
            }
        }

        return vectors;
    }
}
