using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>What the golden collection of tiers holds: one space of one row an entry, one of several; two segments each.</summary>
internal static class GoldenTiers
{
    public const int Dimension = 8;
    public const int SegmentEntryCount = 35;
    public const int EntryCount = 2 * SegmentEntryCount;

    public static readonly IReadOnlyDictionary<string, string[]> Specs = new SortedDictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["many"] =
        [
            "tokens:6x2", "average:2/ivf:2", "float32", "float16", "int8", "bits:2", "residual:2x4", "residual:4x4", "pq:4x4", "codes:8",
            "codes:4x4", "codeset:8", "codeset:257", "fde:2x2x4", "lemur:16", "average:2/bits:1",
        ],
        ["one"] = ["ivf", "ivf:3", "hnsw:4x16", "bits:2"],
    };

    /// <summary>Those of families that this build no longer has.</summary>
    public static readonly IReadOnlyList<string> Former = ["residual:2x4", "residual:4x4", "fde:2x2x4"];

    /// <summary>The name before the arguments of a tier.</summary>
    public static string GetFamily(string tier) => tier.Split('/')[0].Split(':')[0];

    public static CollectionOptions Options => new()
    {
        Spaces = [.. Specs.Keys.Select(name => Samples.Space(name, Dimension, id: name))],
        MergeSegmentCount = 0,
        BuildTiersInBackground = false,
    };

    public static MultiVector Query => Samples.Rows(new Random(99), 2, Dimension);

    /// <summary>The row of an entry in the space of one row.</summary>
    public static MultiVector RowOf(int entry) => Samples.Rows(new Random(entry + 1), 1, Dimension);

    /// <summary>The rows of an entry in the other: three to seven.</summary>
    public static MultiVector RowsOf(int entry) => Samples.Rows(new Random(entry + 1_000), 3 + (entry % 5), Dimension);

    public static IReadOnlyList<MultiVector> Queries
        => [.. Enumerable.Range(0, 6).Select(i => Samples.Rows(new Random(i + 2_000), 1, Dimension))];

    public static void Fill(Collection collection)
    {
        for (int segment = 0; segment < 2; segment++)
        {
            using CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken);
            for (int entry = segment * SegmentEntryCount; entry < (segment + 1) * SegmentEntryCount; entry++)
            {
                writer.BeginDocument(Samples.Document($"d{entry:00}"));
                writer.Add(Samples.Content($"d{entry:00}#page=1", page: 1) with
                {
                    Vectors = new Dictionary<string, MultiVector> { ["one"] = RowOf(entry), ["many"] = RowsOf(entry) },
                });
            }

            writer.Commit();
        }

        foreach ((string space, string[] specs) in Specs)
        {
            collection.Tiers.SetQueries(space, Queries);
            collection.Tiers.Set(space, specs);
        }
    }
}
