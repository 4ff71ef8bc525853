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

    /// <summary>The entries of a stored document, in their order, under the key of another.</summary>
    public IEnumerable<EntryContent> CopyEntries(Document original, string newKey)
    {
        foreach (Entry entry in collection.Entries.List(original.Key, limit: int.MaxValue).OrderBy(entry => entry.Page ?? 0))
        {
            Dictionary<string, MultiVector> vectors = [];
            foreach (Space space in collection.Spaces)
            {
                if (collection.Entries.GetVectors(entry.Key, space.Name) is { } rows)
                {
                    vectors.Add(space.Name, rows);
                }
            }

            yield return new EntryContent
            {
                Entry = entry with { Key = newKey + entry.Key[original.Key.Length..], DocumentKey = newKey },
                Vectors = vectors,
                Text = collection.Entries.GetText(entry.Key),
                Fingerprints = collection.Entries.GetFingerprints(entry.Key),
            };
        }
    }
}
