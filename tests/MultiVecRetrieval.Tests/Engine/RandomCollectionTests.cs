using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Random changes to a collection and to a dictionary; both must give the same answers.</summary>
public class RandomCollectionTests
{
    private const int Dimension = 12;

    [Theory]
    [InlineData(1, RowFormat.Float32)]
    [InlineData(2, RowFormat.Float32)]
    [InlineData(3, RowFormat.Float16)]
    [InlineData(4, RowFormat.Int8)]
    public void Search_AfterRandomChangesAndMerges_EqualsBruteForce(int seed, RowFormat format)
    {
        using TemporaryFolder folder = new();
        Random random = new(seed);
        Dictionary<string, Dictionary<string, EntryContent>> model = [];
        CollectionOptions options = new()
        {
            Spaces = [Samples.Space("words", Dimension, format), Samples.Space("looks", Dimension, format, "b2")],
            WriteBufferInBytes = 5000,
            MergeSegmentCount = 3,
        };
        Collection collection = Collection.Create(folder, options);
        try
        {
            for (int step = 0; step < 25; step++)
            {
                Change(collection, model, random);
                if (step % 9 == 4)
                {
                    collection.Upkeep.MergeSegments();
                }

                if (step % 11 == 6)
                {
                    collection.Dispose();
                    collection = Collection.Open(folder, writable: true, options);
                }

                CheckSearches(collection, model, random, format);
            }

            Assert.Empty(collection.Upkeep.Verify().Problems);
            Assert.Equal(
                model.Values.SelectMany(entries => entries.Values).Sum(entry => entry.Vectors.GetValueOrDefault("looks")?.RowCount ?? 0),
                collection.GetStatistics().RowsBySpace["looks"]);
        }
        finally
        {
            collection.Dispose();
        }
    }

    private static void Change(Collection collection, Dictionary<string, Dictionary<string, EntryContent>> model, Random random)
    {
        using CollectionWriter writer = collection.BeginWrite();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            string key = $"d{random.Next(15)}";
            if (random.Next(4) == 0)
            {
                Assert.Equal(model.Remove(key), writer.Delete(key));
                continue;
            }

            bool isAbandoned = random.Next(5) == 0;
            Dictionary<string, EntryContent> entries = [];
            writer.BeginDocument(Samples.Document(key));
            for (int page = random.Next(0, 5); page > 0; page--)
            {
                EntryContent content = MakeEntry($"{key}#page={page}", page, random);
                writer.Add(content);
                entries.Add(content.Entry.Key, content);
            }

            if (isAbandoned)
            {
                writer.AbandonDocument();
            }
            else
            {
                model[key] = entries;
            }
        }

        writer.Commit();
    }

    private static EntryContent MakeEntry(string key, int page, Random random)
    {
        Dictionary<string, MultiVector> vectors = [];
        if (random.Next(5) > 0)
        {
            vectors["words"] = Samples.Rows(random, random.Next(1, 40), Dimension, withPlaces: random.Next(2) == 0);
        }

        if (random.Next(3) > 0)
        {
            vectors["looks"] = Samples.Rows(random, 1, Dimension);
        }

        return new EntryContent { Entry = Samples.Entry(key, page), Vectors = vectors };
    }

    private static void CheckSearches(
        Collection collection, Dictionary<string, Dictionary<string, EntryContent>> model, Random random, RowFormat format)
    {
        int page = random.Next(1, 5);
        Filter? filter = random.Next(2) == 0 ? null : Filter.Parse($"page = {page} or path like \"d1*\"");
        foreach ((string space, string id) in new[] { ("words", "a1"), ("looks", "b2") })
        {
            MultiVector query = Samples.Rows(random, random.Next(1, 5), Dimension);
            var expected = model
                .SelectMany(document => document.Value.Values.Select(entry => (Document: document.Key, Entry: entry)))
                .Where(pair => filter is null || pair.Entry.Entry.Page == page || pair.Document.StartsWith("d1", StringComparison.Ordinal))
                .Where(pair => pair.Entry.Vectors.ContainsKey(space))
                .ToDictionary(pair => pair.Entry.Entry.Key, pair => Oracle.MaxSim(query, pair.Entry.Vectors[space]));

            SearchResult result =
                collection.Search(new SearchRequest { Vectors = [Samples.Query(query, space, id)], Filter = filter, Top = 1000 });

            // Rows of unit length: rounding a value to half precision or to 1/254 of the row's largest moves an inner product by no
            // more than d times that, and a query row counts once.
            double tolerance =
                query.RowCount * (format switch { RowFormat.Float32 => 1e-6, RowFormat.Float16 => 5e-4, _ => 2e-2 }) * Dimension;
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), result.Keys().Order(StringComparer.Ordinal));
            Assert.All(result.Hits, hit => Assert.Equal(expected[hit.Entry.Key], hit.Score, tolerance));
            Assert.Equal(result.Hits.Select(hit => hit.Score).OrderDescending(), result.Hits.Select(hit => hit.Score));
        }
    }
}
