using System.Globalization;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>The collection of generated pages or pictures that tiers are measured on.</summary>
internal static class TiersCollection
{
    public const string SpaceName = "pages";

    private const int BatchPageCount = 500;
    private const int BatchRowCount = 20_000;

    // A commit holds its documents in memory, so that a million pages come in several.
    private const int CommitPageCount = 100_000;

    private static readonly SpaceId SampleSpace = new("benchmark-samples-1");

    public static CollectionOptions GetOptions(TiersOptions options) => new()
    {
        Spaces =
        [
            new Space
            {
                Name = SpaceName,
                Id = SampleSpace,
                Dimension = options.Dimension,
                RowFormat = options.ArePictures ? RowFormat.Float32 : RowFormat.Int8,
            },
        ],
        MergeSegmentCount = 0,
        BuildTiersInBackground = false,
        WriteBufferInBytes = options.ArePictures ? 1L << 32 : 64L << 20,
    };

    /// <summary>Adds all pages.</summary>
    public static void Ingest(Collection collection, TiersSamples samples, TiersOptions options)
    {
        int batchCount = Math.Max(BatchPageCount, BatchRowCount / options.PageRowCount);
        MultiVector[] batch = new MultiVector[batchCount];
        for (int start = 0; start < options.PageCount; start += CommitPageCount)
        {
            int end = Math.Min(options.PageCount, start + CommitPageCount);
            using CollectionWriter writer = collection.BeginWrite();
            for (int first = start; first < end; first += batchCount)
            {
                int count = Math.Min(batchCount, end - first);
                Parallel.For(0, count, i =>
                {
                    float[] values = new float[options.PageRowCount * options.Dimension];
                    samples.Fill(first + i, values);
                    batch[i] = new MultiVector(options.Dimension, values);
                });
                for (int i = 0; i < count; i++)
                {
                    string key = (first + i).ToString(CultureInfo.InvariantCulture);
                    writer.BeginDocument(
                        new Document { Key = key, MediaType = MediaType.Page, ContentType = "application/pdf", ContentHash = key });
                    writer.Add(new EntryContent
                    {
                        Entry = new Entry { Key = key, DocumentKey = key, MediaType = MediaType.Page, Page = 1 },
                        Vectors = new Dictionary<string, MultiVector> { [SpaceName] = batch[i] },
                    });
                }
            }

            writer.Commit();
        }
    }

    /// <summary>Queries about pages that lie apart.</summary>
    public static MultiVector[] GetQueries(TiersSamples samples, TiersOptions options, int first, int count) =>
    [
        .. Enumerable.Range(first, count).Select(i => samples.GetQuery(i, (int)((i * 2_654_435_761L) % options.PageCount))),
    ];

    public static SearchRequest GetRequest(MultiVector query, TiersOptions options) => new()
    {
        Vectors = [new VectorQuery { Space = SpaceName, SpaceId = SampleSpace, Rows = query }],
        Top = options.Top,
    };
}
