using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Cli;

/// <summary>
/// Pairs of vectors as lines of JSON: <c>{"query": [..], "document": [..]}</c>, without "query" for a document that nobody asked for.
/// For compatible training each line also has <c>"oldDocument"</c>, and may have <c>"oldQuery"</c>: the same under the old model.
/// </summary>
internal sealed class PairsFile
{
    private readonly List<float> _documents = [], _queries = [], _oldDocuments = [], _oldQueries = [];
    private readonly List<int> _positives = [];
    private int _documentCount;

    private PairsFile()
    {
    }

    private int Dimension { get; set; }

    private int OldDimension { get; set; }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">A line is not as it must be; the message names it.</exception>
    public static PairsFile Read(string path)
    {
        PairsFile pairs = new();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using JsonDocument json = JsonDocument.Parse(line);
                pairs.Add(json.RootElement);
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
            {
                throw new FormatException($"{path}, line {number.ToString(CultureInfo.InvariantCulture)}: {exception.Message}", exception);
            }
        }

        return pairs._documentCount > 0 ? pairs : throw new FormatException($"{path} has no lines.");
    }

    public BinarizerSample ToSample() => new()
    {
        Dimension = Dimension,
        Documents = [.. _documents],
        Queries = [.. _queries],
        Positives = [.. _positives],
    };

    /// <exception cref="UsageException">The lines have no old vectors.</exception>
    public CompatibleSample ToCompatibleSample() => OldDimension == 0
        ? throw new UsageException("--old needs \"oldDocument\" in every line of the pairs: the document's vector under the old model.")
        : new CompatibleSample
        {
            New = ToSample(),
            OldDimension = OldDimension,
            OldDocuments = [.. _oldDocuments],
            OldQueries = [.. _oldQueries]
        };

    private void Add(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("document", out JsonElement document))
        {
            throw new FormatException("expected an object with \"document\".");
        }

        Dimension = Append(_documents, document, "document", Dimension);
        if (line.TryGetProperty("query", out JsonElement query))
        {
            Append(_queries, query, "query", Dimension);
            _positives.Add(_documentCount);
        }

        if (line.TryGetProperty("oldDocument", out JsonElement oldDocument))
        {
            OldDimension = Append(_oldDocuments, oldDocument, "oldDocument", OldDimension);
        }

        if (line.TryGetProperty("oldQuery", out JsonElement oldQuery))
        {
            Append(_oldQueries, oldQuery, "oldQuery", OldDimension);
        }

        _documentCount++;
        CheckComplete(_oldDocuments.Count, _documentCount, "oldDocument", "document");
        CheckComplete(_oldQueries.Count, _positives.Count, "oldQuery", "query");
    }

    private void CheckComplete(int valueCount, int count, string name, string of)
    {
        if (valueCount != 0 && valueCount != (long)count * OldDimension)
        {
            throw new FormatException($"either every line with \"{of}\" has \"{name}\" or none.");
        }
    }

    private static int Append(List<float> values, JsonElement vector, string name, int dimension)
    {
        int length = vector.ValueKind == JsonValueKind.Array ? vector.GetArrayLength() : 0;
        if (length == 0 || (dimension != 0 && length != dimension))
        {
            throw new FormatException(
                $"\"{name}\" has {length} numbers, expected {(dimension == 0 ? "at least 1" : dimension.ToString(CultureInfo.InvariantCulture))}.");
        }

        foreach (JsonElement value in vector.EnumerateArray())
        {
            values.Add(value.GetSingle());
        }

        return length;
    }
}
