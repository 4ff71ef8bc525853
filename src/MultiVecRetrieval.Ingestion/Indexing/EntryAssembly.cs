using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>An entry while its parts come in: text, rows of each space and of each frame, fingerprints. Guarded by its document.</summary>
internal sealed class EntryAssembly(Entry entry)
{
    private readonly SortedDictionary<int, IReadOnlyDictionary<string, MultiVector>> _parts = [];
    private readonly SortedDictionary<int, Fingerprint> _fingerprints = [];
    private readonly List<ImageTag> _tags = [];

    public Entry Entry { get; set; } = entry;

    public TextLayer? Text { get; set; }

    /// <summary>What models named in its pictures.</summary>
    public IReadOnlyList<ImageTag> Tags => _tags;

    /// <summary>Pictures that were announced and have not arrived or failed yet.</summary>
    public int AwaitedCount { get; set; }

    /// <summary>Why this entry has no rows, when it has none.</summary>
    public string? Problem { get; set; }

    /// <summary>True when there is something to store: rows of some space, or words.</summary>
    public bool HasContent => _parts.Values.Any(part => part.Count > 0) || Text is { Words.Count: > 0 };

    public long SizeInBytes { get; private set; }

    /// <param name="part">Order among the pictures of the entry: the frame of a video, or the rendering of a page.</param>
    /// <param name="vectors">Rows by space name.</param>
    /// <param name="fingerprint">Perceptual hash of the picture, or null.</param>
    /// <param name="tags">What models named in the picture.</param>
    public void Add(int part, IReadOnlyDictionary<string, MultiVector> vectors, Fingerprint? fingerprint, IEnumerable<ImageTag> tags)
    {
        _parts.Add(part, vectors);
        _tags.AddRange(tags);
        SizeInBytes += vectors.Values.Sum(rows => (long)rows.Values.Length * sizeof(float));
        if (fingerprint is { } hash)
        {
            _fingerprints.Add(part, hash);
        }
    }

    /// <summary>The whole entry, parts joined in their order.</summary>
    public EntryContent Build()
    {
        Dictionary<string, MultiVector> vectors = [];
        foreach (string space in _parts.Values.SelectMany(part => part.Keys).Distinct(StringComparer.Ordinal))
        {
            vectors.Add(space, Join([.. _parts.Values.Where(part => part.ContainsKey(space)).Select(part => part[space])]));
        }

        return new EntryContent { Entry = Entry, Vectors = vectors, Text = Text, Fingerprints = [.. _fingerprints.Values] };
    }

    /// <summary>The rows of several parts as those of one.</summary>
    public static MultiVector Join(IReadOnlyList<MultiVector> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        float[] values = new float[parts.Sum(part => part.Values.Length)];
        Place[] places = new Place[parts.Sum(part => part.RowCount)];
        float[] saliency = new float[parts.All(part => !part.Saliency.IsEmpty || part.RowCount == 0) ? places.Length : 0];
        int row = 0;
        foreach (MultiVector part in parts)
        {
            part.Values.CopyTo(values.AsSpan(row * part.Dimension));
            if (part.Places.IsEmpty)
            {
                Array.Fill(places, Place.Whole, row, part.RowCount);
            }
            else
            {
                part.Places.CopyTo(places.AsSpan(row));
            }

            if (saliency.Length > 0)
            {
                part.Saliency.CopyTo(saliency.AsMemory(row));
            }

            row += part.RowCount;
        }

        return new MultiVector(parts[0].Dimension, values, places) { Saliency = saliency };
    }
}
