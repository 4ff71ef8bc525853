using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>Collections with tiers, small enough to be searched by brute force.</summary>
internal static class TierSamples
{
    public const int Dimension = 16;

    public static CollectionOptions Options(RowFormat format = RowFormat.Float32, int threads = 0) => new()
    {
        Spaces = [Samples.Space("words", Dimension, format)],
        WriteBufferInBytes = 20_000,
        MergeSegmentCount = 0,
        SearchThreads = threads,
        BuildTiersInBackground = false,
    };

    /// <summary>Documents of five entries each, in several segments; rows around topics, so that neighbours mean something.</summary>
    public static void Fill(Collection collection, int documents, int seed = 1, string prefix = "d")
    {
        Random random = new(seed);
        MultiVector topics = Samples.Rows(new Random(99), 12, Dimension);
        for (int i = 0; i < documents; i++)
        {
            EntryContent[] entries = [.. Enumerable.Range(1, 5).Select(page => Samples.Content(
                $"{prefix}{i}#page={page}", Around(topics, random.Next(12), random.Next(1, 30), random), page: page))];
            Samples.AddDocument(collection, $"{prefix}{i}", entries);
        }
    }

    /// <summary>Rows around a few centres in the lower half of the dimensions (centre 0) or the upper (8): a codec that learned one half
    /// knows nothing of the other.</summary>
    public static void AddAround(Collection collection, int count, int centre, int seed)
    {
        Random random = new(seed);
        using CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken);
        for (int i = 0; i < count; i++)
        {
            float[] values = Samples.Rows(random, 3, Dimension).Values.ToArray();
            for (int j = 0; j < values.Length; j++)
            {
                values[j] = (0.1f * values[j]) + (j % Dimension == centre + (j / Dimension) ? 1 : 0);
            }

            string key = $"s{seed}d{i}";
            writer.BeginDocument(Samples.Document(key));
            writer.Add(Samples.Content($"{key}#page=1", new MultiVector(Dimension, values)));
        }

        writer.Commit();
    }

    public static MultiVector Around(MultiVector topics, int topic, int rowCount, Random random)
    {
        float[] values = Samples.Rows(random, rowCount, Dimension).Values.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (0.7f * values[i]) + topics.Row((topic + (i / Dimension % 3)) % topics.RowCount)[i % Dimension];
        }

        return new MultiVector(Dimension, values);
    }

    public static MultiVector Query(int seed, int rowCount = 4) => Samples.Rows(new Random(seed), rowCount, Dimension);

    public static SearchRequest Request(MultiVector query, string? tier = null, int? budget = null, int top = 10) => new()
    {
        Vectors = [Samples.Query(query)],
        Top = top,
        Effort = tier is null ? SearchEffort.Exact : Through(tier, budget),
    };

    /// <summary>Through tiers as they are written; the budget is the last one's.</summary>
    public static SearchEffort Through(string tiers, int? budget = null)
    {
        string[] specs = tiers.Split('>', StringSplitOptions.TrimEntries);
        return SearchEffort.Through([.. specs.Select((spec, i) => new SearchStage(spec, i == specs.Length - 1 ? budget : null))]);
    }

    public static (string Key, double Score)[] Scores(SearchResult result) => [.. result.Hits.Select(hit => (hit.Entry.Key, hit.Score))];

    public static string[] Files(string folder) =>
        [.. Directory.GetFiles(Path.Combine(folder, "segments")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
