using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Collections that store fewer rows a page, from the setting to the boxes of a hit.</summary>
public sealed class ReducedSpaceTests : IDisposable
{
    private const string Text = "one harbour two glacier three lantern four violin";

    private SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Index_WithAReduction_StoresFewerRowsAndShowsTheirPlaces()
    {
        _sample.WritePdf("a.pdf", Text);
        _sample.Index();
        MultiVector whole = Rows("a.pdf#page=1");
        _sample.Delete();

        IndexReport report = _sample.Index(request => request with { Reduction = "ward:2" });

        MultiVector reduced = Rows("a.pdf#page=1");
        Assert.Equal(1, report.EntriesAdded);
        Assert.Equal("ward:2", Assert.Single(_sample.Opened.Spaces).Reduction);
        Assert.Equal(whole.RowCount / 2, reduced.RowCount);
        Assert.Equal(whole.RowCount, Enumerable.Range(0, reduced.RowCount).Sum(row => reduced.PlacesOf(row).Length));
        SearchHit hit = Assert.Single((await _sample.Library.SearchAsync(new LibraryQuery
        {
            Collection = SampleLibrary.Collection,
            Text = Text,
            Using = SearchSide.Vectors,
            Explain = true,
        })).Hits);
        MatchBody merged = HitBody.From(hit).Matches.First(match => match.Places is not null);
        Assert.True(merged.Places!.Count > 1);
        Assert.Equal(merged.Places.Min(place => place.Box![0]), merged.Box![0], 1e-4);
        Assert.Equal(merged.Places.Max(place => place.Box![2]), merged.Box[2], 1e-4);
    }

    [Fact]
    public void Index_AgainAndRenamed_KeepsTheReducedRows()
    {
        _sample.Dispose();
        _sample = new SampleLibrary(options => options with { Reduction = "average:2" });
        _sample.WritePdf("a.pdf", Text);
        _sample.Index();
        MultiVector before = Rows("a.pdf#page=1");

        File.Move(_sample.PathOf("a.pdf"), _sample.PathOf("b.pdf"));
        IndexReport report = _sample.Index(request => request with { RemoveMissing = true });

        MultiVector after = Rows("b.pdf#page=1");
        Assert.Equal((1, 0), (report.Renamed, report.Failed.Count));
        Assert.Equal(before.Values, after.Values);
        Assert.Equal(before.PlacesOf(0), after.PlacesOf(0));
        Assert.Equal(1, _sample.Index().Unchanged);
    }

    [Fact]
    public void Index_ReductionBySaliency_TakesTheSaliencyOfTheModel()
    {
        _sample.WriteTextPicture("a.png", Text);
        _sample.Index();
        int whole = Rows("a.png").RowCount;
        _sample.Delete();

        _sample.Index(request => request with { Reduction = "saliency:50%" });

        Assert.Equal((whole + 1) / 2, Rows("a.png").RowCount);
    }

    [Fact]
    public void Index_OtherReductionThanTheSpaceHas_IsRefusedBeforeAnythingChanges()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.Index(request => request with { Reduction = "ward:2" });

        InvalidSettingException refused = Assert.Throws<InvalidSettingException>(
            () => _sample.Index(request => request with { Reduction = "ward:3" }));

        Assert.Equal(("reduction", "ward:3"), (refused.Setting, refused.Value));
        Assert.Contains("'ward:2'", refused.Expected, StringComparison.Ordinal);
        Assert.Equal(1, _sample.Index(request => request with { Reduction = "ward:2" }).Unchanged);
        Assert.Equal(1, _sample.Index().Unchanged); // the setting is for new spaces
    }

    [Fact]
    public void Index_UnknownReduction_MakesNoCollection()
    {
        _sample.WritePdf("a.pdf", "harbour");

        InvalidSettingException refused = Assert.Throws<InvalidSettingException>(
            () => _sample.Index(request => request with { Reduction = "shrink:3" }));

        Assert.Contains("ward", refused.Expected, StringComparison.Ordinal);
        Assert.False(_sample.Library.CollectionExists(SampleLibrary.Collection));
    }

    private MultiVector Rows(string key) => _sample.Opened.Entries.GetVectors(key, "page-words")!;
}
