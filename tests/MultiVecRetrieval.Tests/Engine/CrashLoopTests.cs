using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.CrashWriter;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>
/// Kills a writing process at random moments (SIGKILL) and checks, after each kill, that everything acknowledged is there and
/// nothing is half there. MVR_CRASH_KILLS sets the number of kills.
/// </summary>
public class CrashLoopTests(ITestOutputHelper output)
{
    private static readonly int KillCount =
        int.Parse(Environment.GetEnvironmentVariable("MVR_CRASH_KILLS") ?? "15", CultureInfo.InvariantCulture);

    private const int Seed = 20;

    [Fact]
    public void Kill_AtRandomMoments_LosesNothingAcknowledgedAndShowsNothingHalfDone()
    {
        using TemporaryFolder temporary = new();
        string folder = Path.Combine(temporary, "collection");
        Random random = new(Seed);
        Dictionary<string, int> versions = [];
        int next = 1;
        int unacknowledged = 0;
        for (int kill = 1; kill <= KillCount; kill++)
        {
            // Every fourth kill may fall into opening, which has recovery and cleaning to do; the others fall into batches and merges.
            (int acknowledged, int tried) = RunAndKill(
                folder, next, waitedCommits: kill % 4 == 0 ? 0 : random.Next(1, 10), delayMs: random.Next(0, kill % 4 == 0 ? 500 : 60));
            for (; next <= acknowledged; next++)
            {
                new CrashBatch(Seed, next).Apply(versions);
            }

            if (!Collection.Exists(folder))
            {
                continue;
            }

            // The batch under way may or may not have been committed, but nothing in between.
            if (tried > acknowledged && HasGeneration(folder, versions, tried))
            {
                new CrashBatch(Seed, tried).Apply(versions);
                next = tried + 1;
                unacknowledged++;
            }

            Check(folder, versions, random, $"kill {kill}, after batch {next - 1}");
        }

        Assert.True(next > KillCount,
            $"Only {next - 1} batches were written in {KillCount} kills: the kills come too early to mean anything.");
        output.WriteLine(
            $"{KillCount} kills survived, {next - 1} batches, {unacknowledged} of them committed but not yet acknowledged when the kill came.");
    }

    private static (int Acknowledged, int Tried) RunAndKill(string folder, int first, int waitedCommits, int delayMs)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "MultiVecRetrieval.CrashWriter"))
        {
            RedirectStandardOutput = true,
            ArgumentList = { folder, Seed.ToString(CultureInfo.InvariantCulture), first.ToString(CultureInfo.InvariantCulture) },
        };
        using Process process = Process.Start(start)!;
        int acknowledged = first - 1;
        int tried = first - 1;
        Assert.Equal("open", process.StandardOutput.ReadLine());
        using Timer timer = new(_ => process.Kill(), null, waitedCommits > 0 ? Timeout.Infinite : delayMs, Timeout.Infinite);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            // A line is whole or absent: writes of this size to a pipe are atomic.
            int number = int.Parse(parts[1], CultureInfo.InvariantCulture);
            if (parts[0] == "done")
            {
                acknowledged = number;
            }
            else
            {
                tried = number;
            }

            if (waitedCommits > 0 && acknowledged - first + 1 == waitedCommits && parts[0] == "done")
            {
                timer.Change(delayMs, Timeout.Infinite);
            }
        }

        process.WaitForExit();
        Assert.Equal(137, process.ExitCode); // 128 + SIGKILL: it did not end by itself
        return (acknowledged, tried);
    }

    // Whether the batch took effect is told by the state as a whole: the collection is read once and must equal one of the two.
    private static bool HasGeneration(string folder, Dictionary<string, int> acknowledged, int tried)
    {
        Dictionary<string, int> after = new(acknowledged);
        new CrashBatch(Seed, tried).Apply(after);
        using Collection collection = Collection.Open(folder, writable: false);
        Dictionary<string, int> found = collection.Documents.List(limit: int.MaxValue)
            .ToDictionary(document => document.Key, document => (int)(double)document.Metadata["version"].Value);
        return found.Count == after.Count && found.All(pair => after.TryGetValue(pair.Key, out int version) && version == pair.Value);
    }

    private static void Check(string folder, Dictionary<string, int> versions, Random random, string moment)
    {
        using Collection collection =
            Collection.Open(folder, writable: true, new CollectionOptions { MergeSegmentCount = 0, BuildTiersInBackground = false });
        Assert.True(collection.Upkeep.Verify().Problems.Count == 0, $"{moment}: {string.Join("; ", collection.Upkeep.Verify().Problems)}");
        List<CrashDocument> expected =
            [.. versions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new CrashDocument(Seed, pair.Key, pair.Value))];
        Assert.Equal(expected.Select(document => document.Document.Key),
            collection.Documents.List(limit: int.MaxValue).Select(document => document.Key));
        Assert.Equal(expected.Sum(document => document.Entries.Count), collection.GetStatistics().EntryCount);

        List<(string Key, MultiVector Rows)> entries = [];
        foreach (CrashDocument document in expected)
        {
            Assert.Equal(document.Entries.Count, collection.Documents.Get(document.Document.Key)!.EntryCount);
            foreach (EntryContent content in document.Entries)
            {
                string key = content.Entry.Key;
                MultiVector rows = content.Vectors[CrashDocument.Space.Name];
                Assert.True(rows.Values.SequenceEqual(collection.Entries.GetVectors(key, CrashDocument.Space.Name)!.Values),
                    $"{moment}: rows of {key}");
                Assert.Equal(content.Text!.Text, collection.Entries.GetText(key)!.Text);
                Assert.Equal(content.Fingerprints, collection.Entries.GetFingerprints(key));
                entries.Add((key, rows));
            }
        }

        CheckSearch(collection, entries, random);
        Assert.Equal(collection.GetStatistics().SegmentCount, Directory.GetFiles(Path.Combine(folder, "segments"), "*.rows").Length);
        IReadOnlyList<TierStatistics> tiers = collection.Tiers.Get(CrashDocument.Space.Name);
        Assert.Equal(tiers.Count(tier => tier.IsTrained), Directory.GetFiles(Path.Combine(folder, "segments"), "*.codec").Length);
        Assert.Equal(
            tiers.Sum(tier => collection.GetStatistics().SegmentCount - tier.MissingFileCount),
            Directory.GetFiles(Path.Combine(folder, "segments"), "*.codes").Length);
    }

    private static void CheckSearch(Collection collection, List<(string Key, MultiVector Rows)> entries, Random random)
    {
        if (entries.Count == 0)
        {
            return;
        }

        MultiVector query = Samples.Rows(random, 3, CrashDocument.Dimension);
        SearchRequest request = new()
        {
            Vectors = [new VectorQuery { Space = CrashDocument.Space.Name, SpaceId = CrashDocument.Space.Id, Rows = query }],
            Top = entries.Count + 1,
        };
        SearchResult result = collection.Search(request);
        Dictionary<string, double> expected = entries.ToDictionary(entry => entry.Key, entry => Oracle.MaxSim(query, entry.Rows));
        Assert.Equal(entries.Count, result.Hits.Count);
        Assert.All(result.Hits, hit => Assert.Equal(expected[hit.Entry.Key], hit.Score, 1e-4));
        Assert.Equal(expected.Values.OrderDescending().First(), result.Hits[0].Score, 1e-4);
        if (!collection.Tiers.Get(CrashDocument.Space.Name).Any(tier => tier.Spec == "int8"))
        {
            return;
        }

        SearchResult coded = collection.Search(request with { Effort = SearchEffort.Through(new SearchStage("int8")) });
        Assert.Equal(result.Hits.Select(hit => (hit.Entry.Key, hit.Score)), coded.Hits.Select(hit => (hit.Entry.Key, hit.Score)));
    }
}
