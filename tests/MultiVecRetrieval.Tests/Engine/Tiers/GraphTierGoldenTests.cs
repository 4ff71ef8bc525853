using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>A collection with tiers of graphs that a former build wrote is searched as it lies. MVR_WRITE_GOLDEN=1 writes it
/// anew.</summary>
public class GraphTierGoldenTests
{
    // Of an encoding that this build no longer has: a search that asks for it is exact.
    private const string Former = "fde:2x2x4/hnsw:4x8,nodes=signs";

    private static readonly string[] Tiers =
        ["hnsw:4x8", "hnsw:4x8,nodes=bits1", "average:2/hnsw:4x8,nodes=bits2", Former, "lemur:8/hnsw:4x8"];

    private static string Golden => Path.Combine(RepositoryRoot.Folder, "tests", "golden", "graph-tiers");

    [Fact]
    public void Search_RecordedCollection_GivesTheRecordedAnswersFromItsGraphs()
    {
        if (Environment.GetEnvironmentVariable("MVR_WRITE_GOLDEN") == "1")
        {
            Write();
        }

        using TemporaryFolder folder = new();
        Directory.CreateDirectory(Path.Combine(folder, "segments"));
        File.Copy(Path.Combine(Golden, "catalog.db"), Path.Combine(folder, "catalog.db"));
        foreach (string file in Directory.GetFiles(Path.Combine(Golden, "segments")))
        {
            File.Copy(file, Path.Combine(folder, "segments", Path.GetFileName(file)));
        }

        // A catalog of a former version is brought to the newest by who writes.
        Collection.Open(folder, writable: true).Dispose();
        using Collection collection = Collection.Open(folder, writable: false);

        Assert.Contains("fde", Assert.Single(collection.Upkeep.Verify().Problems), StringComparison.Ordinal);
        Dictionary<string, string[]> expected = JsonSerializer.Deserialize<Dictionary<string,
            string[]>>(File.ReadAllText(Path.Combine(Golden, "expected.json")))!;
        foreach (string tier in Tiers)
        {
            SearchResult result = Ask(collection, tier);
            if (tier == Former)
            {
                Assert.Equal(["exact"], result.Plans[0].Stages);
                continue;
            }

            Assert.Equal(expected[tier], result.Keys());
            Assert.Empty(result.Notices);
            // Entries that share the score of the last candidate are looked at too.
            Assert.InRange(result.Plans[0].ExactCount, 6, 24);
        }
    }

    private static SearchResult Ask(Collection collection, string tier)
        => collection.Search(TierSamples.Request(TierSamples.Query(3, 2), tier, budget: 6, top: 5));

    private static void Write()
    {
        if (Directory.Exists(Golden))
        {
            Directory.Delete(Golden, recursive: true);
        }

        Dictionary<string, string[]> answers;
        using (Collection collection = Collection.Create(Golden, TierSamples.Options()))
        {
            Random random = new(Seed: 8);
            MultiVector topics = Samples.Rows(new Random(99), 12, TierSamples.Dimension);
            Samples.AddDocument(collection, "d", [.. Enumerable.Range(1, 30).Select(page => Samples.Content(
                $"d#page={page}", TierSamples.Around(topics, random.Next(12), random.Next(2, 6), random), page: page))]);
            collection.Tiers.Set("words", Tiers);
            collection.Upkeep.Run();
            answers = Tiers.ToDictionary(tier => tier, tier => Ask(collection, tier).Keys().ToArray());
        }

        File.Delete(Path.Combine(Golden, "LOCK"));
        File.WriteAllText(Path.Combine(Golden, "expected.json"), JsonSerializer.Serialize(answers) + "\n");
    }
}
