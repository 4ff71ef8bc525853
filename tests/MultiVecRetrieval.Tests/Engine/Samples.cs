using System.Security.Cryptography;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Small things that engine tests put into collections.</summary>
internal static class Samples
{
    public static Space Space(string name = "words", int dimension = 8, RowFormat format = RowFormat.Float32, string id = "a1") =>
        new() { Name = name, Id = new SpaceId(id), Dimension = dimension, RowFormat = format };

    public static Document Document(string key, MediaType type = MediaType.Page, params (string Name, MetadataValue Value)[] metadata)
        => new()
        {
            Key = key,
            MediaType = type,
            ContentType = type == MediaType.Page ? "application/pdf" : "image/png",
            ContentHash = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key))),
            ModifiedAt = new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero),
            SizeInBytes = key.Length,
            Metadata = metadata.ToDictionary(field => field.Name, field => field.Value),
        };

    public static Entry Entry(string key, int? page = null, MediaType type = MediaType.Page) =>
        new() { Key = key, DocumentKey = "", MediaType = type, Page = page, Width = 600, Height = 800 };

    public static MultiVector Rows(Random random, int rowCount, int dimension, bool withPlaces = false)
    {
        float[] values = new float[rowCount * dimension];
        for (int row = 0; row < rowCount; row++)
        {
            Span<float> vector = values.AsSpan(row * dimension, dimension);
            double length = 0;
            for (int i = 0; i < dimension; i++)
            {
                vector[i] = (float)((random.NextDouble() * 2) - 1);
                length += vector[i] * (double)vector[i];
            }

            for (int i = 0; i < dimension; i++)
            {
                vector[i] /= (float)Math.Sqrt(length);
            }
        }

        Place[]? places = withPlaces
            ? [.. Enumerable.Range(0, rowCount).Select(row => new Place(row / 100f, 0.25f, (row + 1) / 100f, 0.5f))]
            : null;
        return new MultiVector(dimension, values, places);
    }

    public static EntryContent Content(string key, MultiVector? rows = null, string? text = null, int? page = null, params ulong[] hashes)
        => new()
        {
            Entry = Entry(key, page),
            Vectors = rows is null ? new Dictionary<string, MultiVector>() : new Dictionary<string, MultiVector> { ["words"] = rows },
            Text = text is null ? null : Text(text),
            Fingerprints = [.. hashes.Select(hash => new Fingerprint(hash, Place.Whole))],
        };

    /// <summary>A text layer whose words stand side by side on one line, each 1/100 wide.</summary>
    public static TextLayer Text(string text)
    {
        List<TextWord> words = [];
        int offset = 0;
        foreach (string word in text.Split(' ', '\n', '\t'))
        {
            float left = Math.Min(0.99f, words.Count / 100f);
            if (word.Length > 0)
            {
                words.Add(new TextWord(offset, word.Length, new Place(left, 0, left + 0.01f, 0.1f)));
            }

            offset += word.Length + 1;
        }

        return new TextLayer(text, words);
    }

    public static VectorQuery Query(MultiVector rows, string space = "words", string id = "a1") =>
        new() { Space = space, SpaceId = new SpaceId(id), Rows = rows };

    public static void AddDocument(Collection collection, string key, params EntryContent[] entries)
    {
        using CollectionWriter writer = collection.BeginWrite();
        writer.BeginDocument(Document(key));
        foreach (EntryContent entry in entries)
        {
            writer.Add(entry);
        }

        writer.Commit();
    }

    public static string[] Keys(this SearchResult result) => [.. result.Hits.Select(hit => hit.Entry.Key)];
}
