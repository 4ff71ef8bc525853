namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Files of the same path below different roots: each is a document of its own, under a key that stays.</summary>
public sealed class DocumentKeyTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Index_SamePathBelowThreeRoots_CarriesAsMuchOfTheRootAsItTakes()
    {
        _sample.WritePdf("north/scans/report.pdf", "harbour");
        _sample.WritePdf("south/scans/report.pdf", "glacier");
        _sample.WritePdf("west/scans/report.pdf", "meadow");

        IndexReport report = Index("north/scans", "south/scans", "west/scans");

        Assert.Empty(report.Failed);
        Assert.Equal(["report.pdf#page=1", "scans/report.pdf#page=1", "west/scans/report.pdf#page=1"], _sample.Keys());
        Assert.Equal("report.pdf#page=1", Assert.Single(_sample.Search("harbour", SearchSide.Text)));
        Assert.Equal("scans/report.pdf#page=1", Assert.Single(_sample.Search("glacier", SearchSide.Text)));
        Assert.Equal("west/scans/report.pdf#page=1", Assert.Single(_sample.Search("meadow", SearchSide.Text)));
        _sample.AssertComplete();
    }

    [Fact]
    public void Index_RootsInRunsOfTheirOwn_KeepTheirKeysHoweverTheyAreIndexedAgain()
    {
        _sample.WritePdf("one/a.pdf", "harbour");
        _sample.WritePdf("two/a.pdf", "glacier");
        Index("one");
        Index("two");

        IndexReport swapped = Index("two", "one");
        _sample.WritePdf("two/a.pdf", "glacier lake");
        IndexReport changed = Index("two", "one");
        IndexReport all = _sample.Index(request => request with { Paths = [] });

        Assert.Equal((2, 0), (swapped.Unchanged, swapped.Indexed));
        Assert.Equal((1, 1), (changed.Unchanged, changed.Indexed));
        Assert.Equal(2, all.Unchanged);
        Assert.Equal("two/a.pdf#page=1", Assert.Single(_sample.Search("lake", SearchSide.Text)));
        Assert.Equal(["a.pdf#page=1", "two/a.pdf#page=1"], _sample.Keys());
    }

    [Fact]
    public async Task Index_OtherRootRemoved_DoesNotRenameWhatIsLeft()
    {
        _sample.WritePdf("one/a.pdf", "harbour");
        _sample.WritePdf("two/a.pdf", "glacier");
        Index("one", "two");

        await _sample.Library.RemoveDocumentAsync(SampleLibrary.Collection, "a.pdf", TestContext.Current.CancellationToken);
        _sample.WritePdf("two/a.pdf", "glacier lake");
        Index("two");

        Assert.Equal(["two/a.pdf#page=1"], _sample.Keys());
    }

    [Fact]
    public void Index_DamagedLater_KeepsTheDocumentUnderItsKey()
    {
        _sample.WritePdf("one/a.pdf", "harbour");
        _sample.WritePdf("two/a.pdf", "glacier");
        Index("one", "two");
        _sample.Write("two/a.pdf", "%PDF-1.4 nothing"u8.ToArray());

        IndexReport report = Index("two");

        Assert.Equal(_sample.PathOf("two/a.pdf"), Assert.Single(report.Failed).Path);
        Assert.Equal("two/a.pdf#page=1", Assert.Single(_sample.Search("glacier", SearchSide.Text)));
    }

    private IndexReport Index(params string[] roots) =>
        _sample.Index(request => request with { Paths = [.. roots.Select(_sample.PathOf)] });
}
