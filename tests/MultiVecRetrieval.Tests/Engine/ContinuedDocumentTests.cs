using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Documents that are committed part by part.</summary>
public sealed class ContinuedDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(1);
    private readonly Collection _collection;

    public ContinuedDocumentTests() =>
        _collection = Collection.Create(_folder, new CollectionOptions { Spaces = [Samples.Space()], MergeSegmentCount = 0 });

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void ContinueDocument_InLaterBatches_AddsBehindWhatIsThere()
    {
        Add("long", expected: 5, pages: [1, 2]);
        Document part = _collection.Documents.Get("long")!;
        Add("long", expected: 5, pages: [3]);
        Add("long", expected: null, pages: [4, 5]);

        Document whole = _collection.Documents.Get("long")!;
        Assert.Equal((2, 5), (part.EntryCount, part.ExpectedEntryCount));
        Assert.Equal((5, null), (whole.EntryCount, whole.ExpectedEntryCount));
        Assert.Equal(Enumerable.Range(1, 5).Select(page => $"long#page={page}"), Keys());
        Assert.All(Enumerable.Range(1, 5), page =>
            Assert.Equal($"long#page={page}", Assert.Single(_collection.Search(new SearchRequest { Text = $"word{page}" }).Keys())));
        Assert.Equal(5, _collection.Search(new SearchRequest { Text = "long" }).Hits.Count);
        Assert.Empty(_collection.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
    }

    [Fact]
    public void ContinueDocument_OthersBetweenInOneBatch_GoesOnWithItself()
    {
        using (CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken))
        {
            writer.BeginDocument(Document("long", expected: 4));
            writer.Add(Page("long", 1));
            writer.BeginDocument(Document("other", expected: null));
            writer.Add(Page("other", 1));
            writer.ContinueDocument(Document("long", expected: 4));
            writer.Add(Page("long", 2));
            writer.Commit();
            writer.ContinueDocument(Document("long", expected: null));
            writer.Add(Page("long", 3));
            writer.Delete("other");
            writer.ContinueDocument(Document("long", expected: null));
            writer.Add(Page("long", 4));
            writer.Commit();
        }

        Assert.Equal(Enumerable.Range(1, 4).Select(page => $"long#page={page}"), Keys());
        Assert.Null(_collection.Documents.Get("long")!.ExpectedEntryCount);
    }

    [Fact]
    public void ContinueDocument_EntryThatIsThere_IsRefused()
    {
        Add("long", expected: 5, pages: [1, 2]);

        using CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken);
        writer.ContinueDocument(Document("long", expected: 5));

        Assert.Throws<ArgumentException>(() => writer.Add(Page("long", 2)));
    }

    [Fact]
    public void Replace_CommittedEntry_TakesItsPlaceAndTouchesNoOther()
    {
        Add("long", expected: null, pages: [1, 2, 3]);
        MultiVector rows = Samples.Rows(_random, 3, 8);
        using (CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken))
        {
            writer.ContinueDocument(Document("long", expected: null));
            writer.Replace(Samples.Content("long#page=2", rows, "other", page: 2));
            writer.Add(Page("long", 4));
            writer.Commit();
        }

        Assert.Equal(Enumerable.Range(1, 4).Select(page => $"long#page={page}"), Keys());
        Assert.Equal(4, _collection.Documents.Get("long")!.EntryCount);
        Assert.Empty(_collection.Search(new SearchRequest { Text = "word2" }).Hits);
        Assert.Equal(["long#page=2"], _collection.Search(new SearchRequest { Text = "other" }).Keys());
        Assert.Equal(rows.Values.ToArray(), _collection.Entries.GetVectors("long#page=2", "words")!.Values.ToArray());
        Assert.Equal(2 + 2 + 3 + 2, _collection.GetStatistics().RowsBySpace["words"]);
        Assert.Empty(_collection.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
    }

    [Fact]
    public void Replace_EntryThatIsNotThereOrTwice_IsRefused()
    {
        Add("long", expected: null, pages: [1, 2]);
        Add("other", expected: null, pages: [1]);
        using CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken);

        Assert.Throws<InvalidOperationException>(() => writer.Replace(Page("long", 1)));
        writer.BeginDocument(Document("new", expected: null));
        Assert.Throws<ArgumentException>(() => writer.Replace(Page("new", 1)));
        writer.AbandonDocument();
        writer.ContinueDocument(Document("long", expected: null));
        writer.Replace(Page("long", 1));

        Assert.Throws<ArgumentException>(() => writer.Replace(Page("long", 1)));
        Assert.Throws<ArgumentException>(() => writer.Replace(Page("long", 3)));
        Assert.Throws<ArgumentException>(() => writer.Replace(Page("other", 1)));
    }

    [Fact]
    public void AbandonDocument_ReplacedEntries_LeavesThemAsTheyWere()
    {
        Add("long", expected: null, pages: [1, 2]);
        using (CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken))
        {
            writer.ContinueDocument(Document("long", expected: null));
            writer.Replace(Samples.Content("long#page=2", Samples.Rows(_random, 1, 8), "other", page: 2));
            Assert.Equal(1, writer.PendingEntryCount);
            writer.AbandonDocument();
            Assert.Equal(0, writer.PendingEntryCount);
            writer.Commit();
        }

        Assert.Equal(["long#page=2"], _collection.Search(new SearchRequest { Text = "word2" }).Keys());
        Assert.Empty(_collection.Search(new SearchRequest { Text = "other" }).Hits);
    }

    [Fact]
    public void AbandonDocument_PartOfABatch_LeavesTheCommittedPart()
    {
        Add("long", expected: 5, pages: [1, 2]);
        using (CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken))
        {
            writer.ContinueDocument(Document("long", expected: 5));
            writer.Add(Page("long", 3));
            writer.AbandonDocument();
            writer.Commit();
        }

        Assert.Equal(["long#page=1", "long#page=2"], Keys());
        Assert.Equal((2, 5), (_collection.Documents.Get("long")!.EntryCount, _collection.Documents.Get("long")!.ExpectedEntryCount));
    }

    [Fact]
    public void BeginAndDelete_DocumentInPart_TakeThePlaceOfAllOfIt()
    {
        Add("long", expected: 5, pages: [1, 2]);
        using (CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken))
        {
            writer.ContinueDocument(Document("long", expected: 5));
            writer.Add(Page("long", 3));
            writer.BeginDocument(Document("long", expected: null));
            writer.Add(Page("long", 1));
            writer.Commit();
        }

        IReadOnlyList<string> replaced = Keys();
        using (CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken))
        {
            writer.ContinueDocument(Document("long", expected: 5));
            writer.Add(Page("long", 2));
            writer.Delete("long");
            writer.Commit();
        }

        Assert.Equal(["long#page=1"], replaced);
        Assert.Empty(Keys());
        Assert.Empty(_collection.Search(new SearchRequest { Text = "long" }).Hits);
        Assert.Empty(_collection.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
    }

    private static Document Document(string key, int? expected) => Samples.Document(key) with { ExpectedEntryCount = expected };

    private EntryContent Page(string document, int page) =>
        Samples.Content($"{document}#page={page}", Samples.Rows(_random, 2, 8), $"word{page}", page);

    private IReadOnlyList<string> Keys() => [.. _collection.Entries.List(limit: 1000).Select(entry => entry.Key)];

    private void Add(string key, int? expected, int[] pages)
    {
        using CollectionWriter writer = _collection.BeginWrite(TestContext.Current.CancellationToken);
        writer.ContinueDocument(Document(key, expected));
        foreach (int page in pages)
        {
            writer.Add(Page(key, page));
        }

        writer.Commit();
    }
}
