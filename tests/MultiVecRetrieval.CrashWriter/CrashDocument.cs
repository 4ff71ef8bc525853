using System.Globalization;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.CrashWriter;

/// <summary>A document whose every byte follows from seed, key and version, so that half of one is recognised.</summary>
public sealed class CrashDocument
{
    /// <summary>d of the rows.</summary>
    public const int Dimension = 16;

    /// <summary>Makes the document.</summary>
    public CrashDocument(int seed, string key, int version)
    {
        Random random = new(HashCode(seed, key, version));
        Document = new Document
        {
            Key = key,
            MediaType = MediaType.Page,
            ContentType = "application/pdf",
            ContentHash = version.ToString("x64", CultureInfo.InvariantCulture),
            Metadata = new Dictionary<string, MetadataValue> { ["version"] = version },
        };
        int entryCount = random.Next(1, 6);
        Entries = [.. Enumerable.Range(1, entryCount).Select(page => MakeEntry(random, key, version, page))];
    }

    /// <summary>The space that the rows belong to.</summary>
    public static Space Space => new() { Name = "crash", Id = new SpaceId("c0ffee"), Dimension = Dimension };

    /// <summary>The document; its metadata holds the version.</summary>
    public Document Document { get; }

    /// <summary>Its entries, with rows and text.</summary>
    public IReadOnlyList<EntryContent> Entries { get; }

    private static EntryContent MakeEntry(Random random, string key, int version, int page)
    {
        float[] values = new float[random.Next(1, 40) * Dimension];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        string word = $"v{version.ToString(CultureInfo.InvariantCulture)}";
        return new EntryContent
        {
            Entry = new Entry
            {
                Key = $"{key}#page={page.ToString(CultureInfo.InvariantCulture)}",
                DocumentKey = key,
                MediaType = MediaType.Page,
                Page = page
            },
            Vectors = new Dictionary<string, MultiVector> { [Space.Name] = new MultiVector(Dimension, values) },
            Text = new TextLayer(word, [new TextWord(0, word.Length, Place.Whole)]),
            Fingerprints = [new Fingerprint((ulong)random.NextInt64(), Place.Whole)],
        };
    }

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, string key, int version)
    {
        uint hash = 2166136261;
        foreach (char c in $"{seed}/{key}/{version}")
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)hash;
    }
}
