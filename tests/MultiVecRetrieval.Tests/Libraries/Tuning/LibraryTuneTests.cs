using MultiVecRetrieval.Libraries.Tuning;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Tuning;

/// <summary>The library finds queries for tuning: given ones, logged ones, or words of the stored text.</summary>
public sealed class LibraryTuneTests : IDisposable
{
    private readonly SampleLibrary _sample = new(options => options with { LogQueries = true });

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Tune_WithoutQueries_MakesThemFromStoredText()
    {
        string space = Fill();

        TuneReport report = await _sample.Library.TuneAsync(
            SampleLibrary.Collection, new TuneRequest { Space = space, Tiers = ["int8"] },
                cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("words of stored entries", report.QueriesFrom);
        Assert.Equal(FilledCollection.EntryCount, report.EntryCount);
        Assert.Null(Assert.Single(report.Tiers).Problem);
    }

    [Fact]
    public async Task Tune_AfterTwentySearches_TakesTheLoggedQueries()
    {
        string space = Fill();
        for (int i = 0; i < 24; i++)
        {
            _sample.Search(
                $"{FilledCollection.Words[i % FilledCollection.Words.Length]} {FilledCollection.Words[i / FilledCollection.Words.Length]}x", SearchSide.Vectors);
        }

        TuneReport report = await _sample.Library.TuneAsync(
            SampleLibrary.Collection, new TuneRequest { Space = space, Tiers = ["int8"] },
                cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("the logged queries", 24), (report.QueriesFrom, report.TuningQueryCount + report.HeldOutQueryCount));
    }

    [Fact]
    public async Task Tune_GivenTexts_AreTakenBeforeAllOthers()
    {
        string space = Fill();

        TuneReport report = await _sample.Library.TuneAsync(
            SampleLibrary.Collection, new TuneRequest { Space = space, Tiers = ["int8"] },
                [.. FilledCollection.Words, .. FilledCollection.Words.Select(word => word + " manual")],
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

    private string Fill() => FilledCollection.Write(_sample.Library, SampleLibrary.Collection);
}
