using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Records;

/// <summary>Turns records into documents with one entry each, and back.</summary>
internal static partial class RecordWriter
{
    private const string ContentType = "application/json";

    /// <summary>Stores records in one commit, each in the place of the one of its key.</summary>
    /// <exception cref="InvalidQueryException">A record cannot be stored; it is named.</exception>
    public static void Upsert(Collection collection, IReadOnlyList<VectorRecord> records)
    {
        IReadOnlyList<Space> spaces = collection.Spaces;
        using CollectionWriter writer = collection.BeginWrite();
        foreach (VectorRecord record in records)
        {
            if (collection.Documents.Get(record.Key) is { MediaType: not MediaType.Record })
            {
                throw new InvalidQueryException(
                    $"'{record.Key}' is a file that was indexed; a record needs a key of its own.", "id");
            }

            try
            {
                writer.BeginDocument(ToDocument(record));
                writer.Add(ToContent(record, spaces));
            }
            catch (ArgumentException wrong) when (wrong is not InvalidQueryException)
            {
                throw new InvalidQueryException($"Record '{record.Key}': {ErrorText.Get(wrong)}");
            }
        }

        writer.Commit();
    }

    private static Document ToDocument(VectorRecord record)
    {
        using JsonDocument? payload = ParsePayload(record);
        return new Document
        {
            Key = record.Key,
            MediaType = MediaType.Record,
            ContentType = ContentType,
            ContentHash = Hash(record),
            SizeInBytes = System.Text.Encoding.UTF8.GetByteCount(record.Payload ?? ""),
            ModifiedAt = DateTimeOffset.UtcNow,
            Payload = record.Payload,
            Metadata = payload is null ? new Dictionary<string, MetadataValue>() : PayloadFields.Flatten(payload.RootElement),
        };
    }

    private static EntryContent ToContent(VectorRecord record, IReadOnlyList<Space> spaces)
    {
        using JsonDocument? payload = ParsePayload(record);
        return new EntryContent
        {
            Entry = new Entry { Key = record.Key, DocumentKey = record.Key, MediaType = MediaType.Record },
            Vectors = record.Vectors.ToDictionary(
                vector => VectorSpec.ToSpaceName(vector.Key), vector => ToRows(record.Key, vector, spaces)),
            Text = payload is not null && PayloadFields.FindText(payload.RootElement) is { } text ? ToLayer(text) : null,
        };
    }

    private static MultiVector ToRows(string key, KeyValuePair<string, MultiVector> vector, IReadOnlyList<Space> spaces)
    {
        string name = VectorSpec.ToSpaceName(vector.Key);
        Space space = spaces.FirstOrDefault(known => known.Name == name)
            ?? throw new UnknownSpaceException(vector.Key, [.. spaces.Select(known => VectorSpec.ToName(known.Name))]);
        VectorSpec spec = VectorSpec.Of(space);
        if (vector.Value.Dimension != space.Dimension)
        {
            throw new DimensionMismatchException(vector.Key, space.Dimension, vector.Value.Dimension);
        }

        return !spec.IsMultiVector && vector.Value.RowCount != 1
            ? throw new InvalidQueryException(
                $"Record '{key}' has {vector.Value.RowCount} vectors in '{vector.Key}', which takes one.", "vector")
            : spec.Similarity == VectorSimilarity.Cosine ? UnitRows.Of(vector.Value) : vector.Value;
    }

    private static JsonDocument? ParsePayload(VectorRecord record)
    {
        if (record.Payload is null)
        {
            return null;
        }

        JsonDocument payload = JsonDocument.Parse(record.Payload);
        return payload.RootElement.ValueKind == JsonValueKind.Object
            ? payload
            : throw new InvalidQueryException($"The payload of '{record.Key}' is no JSON object.", "payload");
    }

    // Nothing shows where its words stand.
    private static TextLayer ToLayer(string text) => new(
        text, [.. Words().Matches(text).Select(word => new TextWord(word.Index, word.Length, Place.Whole))]);

    [GeneratedRegex(@"\S+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    private static string Hash(VectorRecord record)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(record.Payload ?? ""));
        foreach ((string name, MultiVector rows) in record.Vectors.OrderBy(vector => vector.Key, StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"\0{name}\0{rows.RowCount}\0")));
            hash.AppendData(MemoryMarshal.AsBytes(rows.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
