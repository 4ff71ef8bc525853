using MultiVecRetrieval.Libraries.Attributes;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Libraries.Pictures;
using MultiVecRetrieval.Libraries.Searching;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>Example, candidates and shown matches of one search are of one generation, whatever is committed meanwhile.</summary>
public sealed class OneSnapshotTests
{
    [Fact]
    public async Task Search_ByExampleThatIsRemovedMeanwhile_IsOfTheGenerationThatHasIt()
    {
        using SampleLibrary sample = new();
        sample.WritePdf("a.pdf", "harbour glacier");
        sample.WritePdf("b.pdf", "harbour glacier lighthouse");
        sample.Index(cancellationToken: TestContext.Current.CancellationToken);
        using ModelShelf models = new(sample.Options);
        using PictureSource pictures = new(sample.Options);
        QuerySearch search = new(models, pictures, new AttributeSpaces(models), sample.Options);
        LibraryQuery query = new() { Collection = SampleLibrary.Collection, LikeEntry = "a.pdf#page=1" };

        using Snapshot before = sample.Opened.OpenSnapshot();
        await sample.Library.RemoveDocumentAsync(SampleLibrary.Collection, "a.pdf", TestContext.Current.CancellationToken);
        await sample.Library.RemoveDocumentAsync(SampleLibrary.Collection, "b.pdf", TestContext.Current.CancellationToken);
        using Snapshot after = sample.Opened.OpenSnapshot();

        SearchHit hit = Assert.Single(search.Search(before, query, TestContext.Current.CancellationToken).Hits);
        Assert.Equal("b.pdf#page=1", hit.Entry.Key);
        Assert.NotNull(before.Documents.Get("a.pdf"));
        Assert.NotNull(before.Entries.GetVectors("b.pdf#page=1", before.Spaces[0].Name));
        Assert.Throws<EntryNotFoundException>(() => search.Search(after, query, TestContext.Current.CancellationToken));
        Assert.Null(after.Entries.GetVectors("b.pdf#page=1", after.Spaces[0].Name));
    }
}
