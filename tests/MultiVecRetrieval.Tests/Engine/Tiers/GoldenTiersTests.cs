using System.Text.Json;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>
/// Tiers of every kind that a former build wrote must stay readable, as they lie and without training; a tier of a kind that is no more
/// says so, and a search that asks for it is exact. MVR_WRITE_GOLDEN=1 writes them anew;
/// bytes of a released format never change, so that is for kinds that are added.
/// </summary>
public class GoldenTiersTests
{
    private static readonly string Golden = Path.Combine(RepositoryRoot.Folder, "tests", "golden", "tiers");

    private sealed record Answer(string Space, string Tier, string[] Keys);

    [Fact]
    public void Open_TiersOfAFormerBuild_AreSearchedAsTheyLie()
    {
        if (Environment.GetEnvironmentVariable("MVR_WRITE_GOLDEN") == "1")
        {
            Write();
        }

        using TemporaryFolder folder = new();
        Copy(folder);
        Answer[] expected =
            JsonSerializer.Deserialize<Answer[]>(File.ReadAllText(Path.Combine(Golden, "expected.json")), JsonSerializerOptions.Web)!;
        string[] files = TierSamples.Files(folder);
        // Only a writer brings a catalog of a former version to the newest.
        Collection.Open(folder, writable: true, GoldenTiers.Options).Dispose();
        foreach (bool writable in new[] { false, true })
        {
            using Collection collection = Collection.Open(folder, writable, GoldenTiers.Options);
            if (writable)
            {
                collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
            }

            IReadOnlyList<string> problems = collection.Upkeep.Verify(TestContext.Current.CancellationToken).Problems;
            Assert.Equal(GoldenTiers.Former.Count, problems.Count);
            Assert.All(problems.Zip(GoldenTiers.Former),
                pair => Assert.Contains(GoldenTiers.GetFamily(pair.Second), pair.First, StringComparison.Ordinal));
            foreach (string space in GoldenTiers.Specs.Keys)
            {
                Assert.Equal(GoldenTiers.Specs[space], collection.Tiers.Get(space).Select(tier => tier.Spec));
                Assert.All(collection.Tiers.Get(space), tier =>
                {
                    Assert.True(tier is { IsTrained: true, MissingFileCount: 0, Calibration: not null }, tier.Spec);
                    Assert.Equal(GoldenTiers.Former.Contains(tier.Spec), tier.Problem is not null);
                    Assert.Equal(GoldenTiers.EntryCount, tier.EncodedEntryCount);
                });
            }

            Assert.Equal(expected.Select(answer => (answer.Space, answer.Tier)),
                Ask(collection).Select(answer => (answer.Space, answer.Tier)));
            Assert.All(expected.Zip(Ask(collection)), pair => Assert.Equal(pair.First.Keys, pair.Second.Keys));
        }

        // Nothing was made anew, not even by a build that may write.
        Assert.Equal(files, TierSamples.Files(folder));
        Assert.All(files, file => Assert.Equal(
            File.ReadAllBytes(Path.Combine(Golden, "segments", file)), File.ReadAllBytes(Path.Combine(folder, "segments", file))));
    }

    private static void Copy(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "segments"));
        File.Copy(Path.Combine(Golden, "catalog.db"), Path.Combine(folder, "catalog.db"));
        foreach (string file in Directory.GetFiles(Path.Combine(Golden, "segments")))
        {
            File.Copy(file, Path.Combine(folder, "segments", Path.GetFileName(file)));
        }
    }

    // The candidates are fewer than the entries, so that the codes decide.
    private static Answer[] Ask(Collection collection) =>
    [
        .. GoldenTiers.Specs.SelectMany(space => space.Value.Select(tier =>
        {
            SearchRequest request = new()
            {
                Vectors = [Samples.Query(GoldenTiers.Query, space.Key, space.Key)],
                Top = 5,
                Effort = TierSamples.Through(tier, GoldenTiers.EntryCount / 3),
            };
            SearchResult result = collection.Search(request, TestContext.Current.CancellationToken);
            if (GoldenTiers.Former.Contains(tier))
            {
                Assert.Equal(["exact"], result.Plans[0].Stages);
                Assert.Contains($"Tier {tier} cannot be used", result.Plans[0].Reason, StringComparison.Ordinal);
                return new Answer(space.Key, tier, result.Keys());
            }

            Assert.Equal([tier, "exact"], result.Plans[0].Stages);
            Assert.True(result.Plans[0] is { CodedCount: > 0, ExactCount: < GoldenTiers.EntryCount }, $"{tier}: {result.Plans[0]}");
            return new Answer(space.Key, tier, result.Keys());
        })),
    ];

    private static void Write()
    {
        if (Directory.Exists(Golden))
        {
            Directory.Delete(Golden, recursive: true);
        }

        Answer[] answers;
        using (Collection collection = Collection.Create(Golden, GoldenTiers.Options))
        {
            GoldenTiers.Fill(collection);
            collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
            answers = Ask(collection);
        }

        File.Delete(Path.Combine(Golden, "LOCK"));
        File.WriteAllText(Path.Combine(Golden, "expected.json"), JsonSerializer.Serialize(answers, JsonSerializerOptions.Web) + "\n");
    }
}
