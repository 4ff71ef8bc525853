using MultiVecRetrieval.Ingestion;
using MultiVecRetrieval.Ingestion.Tuning;
using MultiVecRetrieval.Tests.Engine;

namespace MultiVecRetrieval.Tests.Ingestion.Tuning;

/// <summary>The library finds queries for tuning: given ones, logged ones, or words of the stored text.</summary>
public sealed class LibraryTuneTests : IDisposable
{
    private const int EntryCount = 120;

    private static readonly string[] Words =
        ["pressure", "hydraulic", "invoice", "theorem", "matrix", "kernel", "garden", "harbour", "lantern", "molecule", "violin", "quartz"];

    private readonly SampleLibrary _sample = new(options => options with { LogQueries = true });

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Tune_WithoutQueries_MakesThemFromStoredText()
    {
        string space = Fill();

        TuneReport report = _sample.Library.Tune(
            SampleLibrary.Collection, new TuneRequest { Space = space, Tiers = ["int8"] }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("words of stored entries", report.QueriesFrom);
        Assert.Equal(EntryCount, report.EntryCount);
        Assert.Null(Assert.Single(report.Tiers).Problem);
    }

    [Fact]
    public void Tune_AfterTwentySearches_TakesTheLoggedQueries()
    {
        string space = Fill();
        for (int i = 0; i < 24; i++)
        {
            _sample.Search($"{Words[i % Words.Length]} {Words[i / Words.Length]}x", SearchSide.Vectors);
        }

        TuneReport report = _sample.Library.Tune(
            SampleLibrary.Collection, new TuneRequest { Space = space, Tiers = ["int8"] }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("the logged queries", 24), (report.QueriesFrom, report.TuningQueryCount + report.HeldOutQueryCount));
    }

    [Fact]
    public void Tune_GivenTexts_AreTakenBeforeAllOthers()
    {
        string space = Fill();

        TuneReport report = _sample.Library.Tune(
            SampleLibrary.Collection, new TuneRequest { Space = space, Tiers = ["int8"] }, [.. Words, .. Words.Select(word => word + " manual")],
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("the given queries", 24), (report.QueriesFrom, report.TuningQueryCount + report.HeldOutQueryCount));
    }

    [Fact]
    public void QueryLog_BeyondItsLimit_DropsTheOldest()
    {
        using TemporaryFolder folder = new();
        QueryLog log = new(folder);
        string long10K = new('x', 10_000);

        for (int i = 0; i < 200; i++)
        {
            log.Add($"{i} {long10K}");
        }

        IReadOnlyList<string> kept = log.Read();
        Assert.InRange(new FileInfo(Path.Combine(folder, "queries.jsonl")).Length, 200 << 10, 512 << 10);
        Assert.Equal(Enumerable.Range(200 - kept.Count, kept.Count).Select(i => $"{i} {long10K}"), kept);
    }

    [Fact]
    public void QueryLog_LineCutShort_IsPassedOver()
    {
        using TemporaryFolder folder = new();
        QueryLog log = new(folder);
        log.Add("first");
        File.AppendAllText(Path.Combine(folder, "queries.jsonl"), "{\"id\":\"2\",\"qu\n");
        log.Add("third");

        Assert.Equal(["first", "third"], log.Read());
    }

    private string Fill()
    {
        Collection collection = _sample.Library.CreateCollection(SampleLibrary.Collection);
        Space space = collection.Spaces[0];
        Random random = new(Seed: 3);
        using CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken);
        for (int i = 0; i < EntryCount; i++)
        {
            string text = string.Join(' ', Enumerable.Range(0, 30).Select(_ => Words[random.Next(Words.Length)] + (char)('a' + random.Next(26))));
            writer.BeginDocument(Samples.Document($"d{i:000}"));
            writer.Add(Samples.Content($"d{i:000}#page=1", text: text) with
            {
                Vectors = new Dictionary<string, MultiVecRetrieval.Numerics.MultiVector> { [space.Name] = Samples.Rows(random, 5, space.Dimension) },
            });
        }

        writer.Commit();
        return space.Name;
    }
}
