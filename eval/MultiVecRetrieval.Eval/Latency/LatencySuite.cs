using System.Diagnostics;
using System.Globalization;
using System.Text;
using MultiVecRetrieval.Eval.Questions;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Latency;

/// <summary>
/// How long a search takes in a collection of many pages: a collection is copied until it has so many entries, with rows that differ a
/// little from copy to copy, and natural questions are asked of it on every side, one after the other.
/// </summary>
internal sealed class LatencySuite(LatencyOptions options, Action<string> log)
{
    private const string GrownName = "grown";
    private const float Noise = 0.02f;

    /// <summary>Runs everything and returns the report.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        string[] questions = [.. Directory.GetFiles(options.QuestionsFolder, "*.jsonl").Order(StringComparer.Ordinal)
            .SelectMany(Question.Read).Select(question => question.Query)];
        using Library library = new(new LibraryOptions { DataFolder = options.DataFolder });
        Collection source = library.GetCollection(options.Collection);
        if (!library.CollectionExists(GrownName))
        {
            Grow(library, source, cancellationToken);
        }

        StringBuilder report = new();
        CollectionStatistics grown = library.DescribeCollection(GrownName).Statistics;
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{grown.EntryCount} entries, copies of {source.GetStatistics().EntryCount}; {questions.Length} questions, top 10, explained");
        report.AppendLine().AppendLine("| side | first search ms | median ms | 95 % below | longest stage of the median search |")
            .AppendLine("|---|---|---|---|---|");
        foreach (SearchSide side in new[] { SearchSide.Text, SearchSide.Vectors, SearchSide.Fused })
        {
            log($"asking {side}");
            report.AppendLine(await AskAsync(library, side, questions, cancellationToken));
        }

        return report.Append(Machine.Describe()).ToString();
    }

    private static async Task<string> AskAsync(Library library, SearchSide side, string[] questions, CancellationToken cancellationToken)
    {
        double first = 0;
        List<(double Ms, IReadOnlyDictionary<string, double> Stages)> times = [];
        foreach (string question in questions.Prepend(questions[0]))
        {
            long start = Stopwatch.GetTimestamp();
            SearchResult result = await library.SearchAsync(
                new LibraryQuery
                {
                    Collection = GrownName,
                    Text = question,
                    Using = side,
                    Explain = true,
                    GroupSize = 6,
                },
                cancellationToken);
            double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (first == 0)
            {
                first = ms;
                continue;
            }

            times.Add((ms, result.TimingsMs));
        }

        times.Sort((a, b) => a.Ms.CompareTo(b.Ms));
        (double median, IReadOnlyDictionary<string, double> stages) = times[times.Count / 2];
        string longest = string.Join(", ", stages.Where(stage => stage.Key != "total").OrderByDescending(stage => stage.Value).Take(4)
            .Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Key} {stage.Value:0.0}")));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {side} | {first:0} | {median:0.0} | {times[(int)(times.Count * 0.95)].Ms:0.0} | {longest} |");
    }

    private void Grow(Library library, Collection source, CancellationToken cancellationToken)
    {
        long count = source.GetStatistics().EntryCount;
        int copies = (int)((options.EntryCount + count - 1) / count);
        string folder = Path.Combine(options.DataFolder, GrownName);
        using Collection grown = Collection.Create(folder, new CollectionOptions { Spaces = source.Spaces });
        Random random = new(1);
        for (int copy = 0; copy < copies; copy++)
        {
            log($"copying {copy + 1} of {copies}");
            foreach (Document document in source.Documents.List(limit: int.MaxValue))
            {
                using CollectionWriter writer = grown.BeginWrite(cancellationToken);
                string key = string.Create(CultureInfo.InvariantCulture, $"{copy:00}/{document.Key}");
                writer.BeginDocument(document with { Key = key, ContentHash = document.ContentHash });
                foreach (Entry entry in source.Entries.List(document.Key, limit: int.MaxValue))
                {
                    writer.Add(new EntryContent
                    {
                        Entry = entry with { Key = key + entry.Key[document.Key.Length..], DocumentKey = key },
                        Text = source.Entries.GetText(entry.Key),
                        Vectors = source.Spaces.Select(space => (space.Name, Rows: source.Entries.GetVectors(entry.Key, space.Name)))
                            .Where(pair => pair.Rows is not null)
                            .ToDictionary(pair => pair.Name, pair => copy == 0 ? pair.Rows! : Blur(pair.Rows!, random)),
                    });
                }

                writer.Commit();
            }
        }

        log("merging and building tiers");
        grown.Upkeep.Run(cancellationToken: cancellationToken);
    }

    // Equal rows would tie; these differ by about a fiftieth of their length.
    private static MultiVector Blur(MultiVector rows, Random random)
    {
        float[] values = rows.Values.ToArray();
        float step = Noise / MathF.Sqrt(rows.Dimension);
        for (int row = 0; row < rows.RowCount; row++)
        {
            Span<float> vector = values.AsSpan(row * rows.Dimension, rows.Dimension);
            double sum = 0;
            foreach (ref float value in vector)
            {
                value += step * ((2 * random.NextSingle()) - 1);
                sum += value * (double)value;
            }

            float scale = sum > 0 ? (float)(1 / Math.Sqrt(sum)) : 0;
            foreach (ref float value in vector)
            {
                value *= scale;
            }
        }

        return new MultiVector(rows.Dimension, values, rows.Places.IsEmpty ? null : rows.Places.ToArray());
    }
}
