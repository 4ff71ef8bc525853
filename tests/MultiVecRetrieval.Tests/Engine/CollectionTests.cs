using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

public class CollectionTests
{
    private readonly Random _random = new(Seed: 1);

    [Fact]
    public void Commit_DocumentWithEverything_IsReadBackAfterReopening()
    {
        using TemporaryFolder folder = new();
        MultiVector rows = Samples.Rows(_random, 5, 8, withPlaces: true);
        Document document = Samples.Document("a/b.pdf", MediaType.Page, ("lang", "de"), ("year", 1999), ("draft", true));
        Fingerprint moment = new(0xF000_0000_0000_0001, new Place(0, 0, 1, 1, 2.5f, 3.5f));
        using (Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] }))
        {
            using CollectionWriter writer = collection.BeginWrite();
            writer.BeginDocument(document);
            writer.Add(Samples.Content("a/b.pdf#page=1", rows, "Grüße aus Köln", 1) with { Fingerprints = [moment] });
            Assert.Equal(1, writer.Commit() - 1); // the space was generation 1
        }

        using Collection reopened = Collection.Open(folder, writable: false);

        Document stored = reopened.Documents.Get("a/b.pdf")!;
        Assert.Equal(1, stored.EntryCount);
        Assert.Equal(document.Metadata.OrderBy(pair => pair.Key), stored.Metadata.OrderBy(pair => pair.Key));
        Assert.Equal(document, stored with { Metadata = document.Metadata, IndexedAt = default, EntryCount = 0 });
        Assert.Equal("a/b.pdf", reopened.Entries.Get("a/b.pdf#page=1")!.DocumentKey);
        Assert.Equal(rows.Values, reopened.Entries.GetVectors("a/b.pdf#page=1", "words")!.Values);
        Assert.Equal(rows.Places[3].Left, reopened.Entries.GetVectors("a/b.pdf#page=1", "words")!.Places[3].Left, 1 / 65535f);
        Assert.Equal("Grüße aus Köln", reopened.Entries.GetText("a/b.pdf#page=1")!.Text);
        Assert.Equal(3, reopened.Entries.GetText("a/b.pdf#page=1")!.Words.Count);
        Assert.Equal(moment, Assert.Single(reopened.Entries.GetFingerprints("a/b.pdf#page=1")));
        Assert.Equal(stored, reopened.Documents.FindByHash(document.ContentHash)! with { Metadata = stored.Metadata });
        Assert.Empty(reopened.Upkeep.Verify().Problems);
    }

    [Fact]
    public void Dispose_WithoutCommit_ChangesNothing()
    {
        using TemporaryFolder folder = new();
        using Collection collection =
            Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()], WriteBufferInBytes = 1 });

        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.BeginDocument(Samples.Document("a"));
            writer.Add(Samples.Content("a", Samples.Rows(_random, 3, 8)));
        }

        Assert.Null(collection.Documents.Get("a"));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "segments")));
    }

    [Fact]
    public void Commit_SameKeyAgain_ReplacesAllEntries()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] });
        Samples.AddDocument(
            collection, "a", Samples.Content("a#page=1", Samples.Rows(_random, 2, 8), "first"),
                Samples.Content("a#page=2", text: "second"));

        MultiVector rows = Samples.Rows(_random, 4, 8);
        Samples.AddDocument(collection, "a", Samples.Content("a#page=1", rows, "third"));

        Assert.Equal(1, collection.GetStatistics().EntryCount);
        Assert.Equal(4, collection.GetStatistics().RowsBySpace["words"]);
        Assert.Equal(rows.Values, collection.Entries.GetVectors("a#page=1", "words")!.Values);
        Assert.Null(collection.Entries.Get("a#page=2"));
        Assert.Empty(collection.Search(new SearchRequest { Text = "first second" }).Hits);
        Assert.Equal(["a#page=1"], collection.Search(new SearchRequest { Text = "third" }).Keys());
    }

    [Fact]
    public void AbandonDocument_AfterReplacingHalfway_KeepsTheFormerVersion()
    {
        using TemporaryFolder folder = new();
        using Collection collection =
            Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()], WriteBufferInBytes = 1 });
        MultiVector rows = Samples.Rows(_random, 2, 8);
        Samples.AddDocument(collection, "a", Samples.Content("a#page=1", rows));

        using (CollectionWriter writer = collection.BeginWrite())
        {
            SourceFile source = new() { Root = "/r", Path = "a", State = SourceState.Indexed };
            writer.BeginDocument(Samples.Document("a"), source);
            writer.Add(Samples.Content("a#page=1", Samples.Rows(_random, 9, 8)));
            writer.AbandonDocument();
            writer.SetSource(source with { State = SourceState.Failed, Reason = "cut short" });
            writer.Commit();
        }

        Assert.Equal(rows.Values, collection.Entries.GetVectors("a#page=1", "words")!.Values);
        Assert.Equal(SourceState.Failed, collection.Sources.Get("/r", "a")!.State);
        Assert.Equal(2, collection.GetStatistics().RowsBySpace["words"]);
    }

    [Fact]
    public void Commit_SameKeyTwiceInOneBatch_KeepsTheLast()
    {
        using TemporaryFolder folder = new();
        using Collection collection =
            Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()], WriteBufferInBytes = 1 });
        MultiVector last = Samples.Rows(_random, 3, 8);

        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.BeginDocument(Samples.Document("a"));
            writer.Add(Samples.Content("a#page=1", Samples.Rows(_random, 9, 8)));
            writer.BeginDocument(Samples.Document("a"));
            writer.Add(Samples.Content("a#page=1", last));
            Assert.Throws<ArgumentException>(() => writer.Add(Samples.Content("a#page=1", last)));
            writer.Commit();
        }

        Assert.Equal(last.Values, collection.Entries.GetVectors("a#page=1", "words")!.Values);
        Assert.Equal(3, collection.GetStatistics().RowsBySpace["words"]);
        Assert.Empty(collection.Upkeep.Verify().Problems);
    }

    [Fact]
    public void Add_KeyOfAnotherDocument_Throws()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        Samples.AddDocument(collection, "a", Samples.Content("shared"));

        using CollectionWriter writer = collection.BeginWrite();
        writer.BeginDocument(Samples.Document("b"));

        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => writer.Add(Samples.Content("shared"))).Message);
    }

    [Fact]
    public void Delete_CommittedAndPending_RemovesBoth()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] });
        Samples.AddDocument(collection, "a", Samples.Content("a", Samples.Rows(_random, 2, 8)));

        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.BeginDocument(Samples.Document("b"));
            writer.Add(Samples.Content("b", Samples.Rows(_random, 2, 8)));
            Assert.True(writer.Delete("a"));
            Assert.False(writer.Delete("a"));
            Assert.True(writer.Delete("b"));
            Assert.False(writer.Delete("c"));
            writer.Commit();
        }

        Assert.Equal(0, collection.GetStatistics().DocumentCount);

        // Background work that looks at the former generation keeps its files until it is done.
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "segments")));
    }

    [Fact]
    public void Open_WhileAnotherWrites_IsRefusedForWritingAndReadsOn()
    {
        using TemporaryFolder folder = new();
        using Collection writer = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] });
        using Collection reader = Collection.Open(folder, writable: false);
        MultiVector rows = Samples.Rows(_random, 2, 8);

        Samples.AddDocument(writer, "a", Samples.Content("a", rows));

        Assert.Equal(folder.FullName, Assert.Throws<CollectionLockedException>(() => Collection.Open(folder, writable: true)).Folder);
        Assert.Equal(["a"], reader.Search(new SearchRequest { Vectors = [Samples.Query(rows)] }).Keys());
        Assert.Throws<InvalidOperationException>(() => reader.BeginWrite());
        Assert.Throws<InvalidOperationException>(() => reader.Upkeep.MergeSegments());
    }

    [Fact]
    public void OpenAndCreate_WrongFolder_ThrowTypedErrors()
    {
        using TemporaryFolder folder = new();

        Assert.False(Collection.Exists(folder));
        Assert.Throws<CollectionNotFoundException>(() => Collection.Open(folder, writable: true));
        Collection.Create(folder, new CollectionOptions()).Dispose();
        Assert.True(Collection.Exists(folder));
        Assert.Throws<CollectionExistsException>(() => Collection.Create(folder, new CollectionOptions()));
    }

    [Fact]
    public void AddSpace_SameNameOtherIdentity_NamesBoth()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] });

        collection.AddSpace(Samples.Space());
        ModelMismatchException mismatch = Assert.Throws<ModelMismatchException>(() => collection.AddSpace(Samples.Space(id: "b2")));

        Assert.Equal(("words", "a1", "b2"), (mismatch.Space, mismatch.Expected.Value, mismatch.Actual.Value));
        Assert.Throws<DimensionMismatchException>(() => collection.AddSpace(Samples.Space(dimension: 9)));
        Assert.Throws<ArgumentException>(() => collection.AddSpace(Samples.Space("Not A Name")));
        Assert.Single(collection.Spaces);
    }

    [Fact]
    public void AddAndSearch_RowsThatDoNotFit_ThrowTypedErrors()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] });
        using CollectionWriter writer = collection.BeginWrite();
        writer.BeginDocument(Samples.Document("a"));

        DimensionMismatchException dimension = Assert.Throws<DimensionMismatchException>(
            () => writer.Add(Samples.Content("a", Samples.Rows(_random, 1, 9))));
        Assert.Equal((8, 9), (dimension.Expected, dimension.Actual));
        Assert.Throws<ArgumentException>(() => writer.Add(Samples.Content("a", new MultiVector(8, [0, 0, 0, float.NaN, 0, 0, 0, 0]))));
        EntryContent unknown = new()
        {
            Entry = Samples.Entry("a"),
            Vectors = new Dictionary<string, MultiVector> { ["other"] = Samples.Rows(_random, 1, 8) },
        };
        Assert.Equal("other", Assert.Throws<UnknownSpaceException>(() => writer.Add(unknown)).Space);

        SearchRequest WithQuery(VectorQuery query) => new() { Vectors = [query] };
        Assert.Throws<UnknownSpaceException>(() => collection.Search(WithQuery(Samples.Query(Samples.Rows(_random, 1, 8), "other"))));
        Assert.Throws<ModelMismatchException>(() => collection.Search(WithQuery(Samples.Query(Samples.Rows(_random, 1, 8), id: "b2"))));
        Assert.Throws<DimensionMismatchException>(() => collection.Search(WithQuery(Samples.Query(Samples.Rows(_random, 1, 9)))));
        Assert.Throws<ArgumentException>(() => collection.Search(new SearchRequest()));
        SearchResult empty = collection.Search(WithQuery(Samples.Query(new MultiVector(8, []))));
        Assert.Empty(empty.Hits);
        Assert.Single(empty.Notices);
    }

    [Fact]
    public void Snapshot_CommitAndMergeMeanwhile_KeepsItsGeneration()
    {
        using TemporaryFolder folder = new();
        using Collection collection =
            Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()], MergeSegmentCount = 0 });
        MultiVector rows = Samples.Rows(_random, 2, 8);
        SearchRequest request = new() { Vectors = [Samples.Query(rows)], Text = "hello" };
        for (int i = 0; i < 3; i++)
        {
            Samples.AddDocument(collection, $"d{i}", Samples.Content($"d{i}", Samples.Rows(_random, 2, 8), "hello"));
        }

        using Snapshot snapshot = collection.OpenSnapshot();
        SearchResult before = snapshot.Search(request);
        string[] files = Directory.GetFiles(Path.Combine(folder, "segments"));
        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.Delete("d0");
            writer.BeginDocument(Samples.Document("d9"));
            writer.Add(Samples.Content("d9", rows, "hello"));
            writer.Commit();
        }

        collection.Upkeep.MergeSegments();
        SearchResult during = snapshot.Search(request);

        Assert.Equal(before.Keys(), during.Keys());
        Assert.Equal(before.Hits.Select(hit => hit.Score), during.Hits.Select(hit => hit.Score));
        Assert.All(files, file => Assert.True(File.Exists(file)));
        Assert.Equal(["d1", "d2", "d9"], collection.Search(request).Keys().Order());
        Assert.True(collection.OpenSnapshot() is { } newer && newer.Generation > snapshot.Generation);
        snapshot.Dispose();
        Assert.All(files, file => Assert.False(File.Exists(file)));
        Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments")));
    }

    [Fact]
    public void BackgroundMerge_ManyCommits_KeepsTheNumberOfSegmentsSmall()
    {
        using TemporaryFolder folder = new();
        MultiVector rows = Samples.Rows(_random, 2, 8);
        using (Collection collection =
            Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()], MergeSegmentCount = 4 }))
        {
            for (int i = 0; i < 30; i++)
            {
                Samples.AddDocument(collection, $"d{i}", Samples.Content($"d{i}", rows));
            }

            SpinWait.SpinUntil(() => collection.GetStatistics().SegmentCount < 8, TimeSpan.FromSeconds(30));
            Assert.InRange(collection.GetStatistics().SegmentCount, 1, 7);
            Assert.Equal(60, collection.GetStatistics().RowsBySpace["words"]);
        }

        using Collection reopened = Collection.Open(folder, writable: true);
        Assert.Empty(reopened.Upkeep.Verify().Problems);
        Assert.Equal(30, reopened.Search(new SearchRequest { Vectors = [Samples.Query(rows)], Top = 100 }).Hits.Count);
    }

    [Fact]
    public void Sources_SavedCountedListedRemoved_AddUp()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        SourceFile Source(string path, SourceState state, bool missing = false) =>
            new() { Root = "/r", Path = path, State = state, Reason = "why", Setting = "Limits:X", IsMissing = missing };

        collection.Sources.Save(
            [Source("a", SourceState.Indexed), Source("b", SourceState.Failed), Source("c", SourceState.Excluded),
                Source("d", SourceState.Pending)]);
        collection.Sources.Save([Source("b", SourceState.Indexed, missing: true)]);

        Assert.Equal(new SourceCounts(4, 2, 0, 1, 1, 1), collection.Sources.Count());
        Assert.Equal(["a", "b"], collection.Sources.List(SourceState.Indexed).Select(source => source.Path));
        Assert.Equal(Source("c", SourceState.Excluded), collection.Sources.Get("/r", "c")! with { ModifiedAt = default });
        collection.Sources.Remove([new SourceKey("/r", "a"), new SourceKey("/r", "d")]);
        Assert.Equal(2, collection.Sources.List(root: "/r").Count);
        Assert.Empty(collection.Sources.List(root: "/other"));
    }

    [Fact]
    public void Jobs_LeftRunning_AreInterruptedAtTheNextWritableOpen()
    {
        using TemporaryFolder folder = new();
        JobRecord Job(string id, string state, int minute) => new()
        {
            Id = id,
            Kind = "index",
            State = state,
            RequestJson = "{}",
            CreatedAt = new DateTimeOffset(2024, 1, 1, 0, minute, 0, TimeSpan.Zero),
        };
        using (Collection collection = Collection.Create(folder, new CollectionOptions()))
        {
            collection.Jobs.Save(Job("a", "running", 0));
            collection.Jobs.Save(Job("b", "queued", 1));
            collection.Jobs.Save(Job("c", "failed", 2) with { Error = "disk" });
        }

        using (Collection reader = Collection.Open(folder, writable: false))
        {
            Assert.Equal("running", reader.Jobs.Get("a")!.State);
        }

        using Collection reopened = Collection.Open(folder, writable: true);
        Assert.Equal(["failed", "interrupted", "interrupted"], reopened.Jobs.List().Select(job => job.State));
        Assert.Equal("disk", reopened.Jobs.Get("c")!.Error);
        Assert.Contains("start it again", reopened.Jobs.Get("a")!.Error, StringComparison.Ordinal);
        Assert.Null(reopened.Jobs.Get("x"));
    }

    [Fact]
    public void ListDocumentsAndEntries_Paged_ReturnEachOnce()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        for (int i = 0; i < 5; i++)
        {
            Samples.AddDocument(collection, $"d{i}", Samples.Content($"d{i}#page=1", page: 1), Samples.Content($"d{i}#page=2", page: 2));
        }

        List<string> documents = [];
        for (string? after = null; ;)
        {
            IReadOnlyList<Document> page = collection.Documents.List(afterKey: after, limit: 2);
            if (page.Count == 0)
            {
                break;
            }

            documents.AddRange(page.Select(document => document.Key));
            after = page[^1].Key;
        }

        Assert.Equal(["d0", "d1", "d2", "d3", "d4"], documents);
        Assert.Equal(["d3#page=1", "d3#page=2"], collection.Entries.List("d3").Select(entry => entry.Key));
        Assert.Equal(
            ["d2#page=2", "d3#page=2"],
            collection.Entries.List(filter: Filter.Parse("page = 2"), afterKey: "d2", limit: 2).Select(entry => entry.Key));
        Assert.Equal(5, collection.Documents.List(Filter.Parse("page = 2")).Count);
        Assert.Empty(collection.Documents.List(Filter.Parse("page = 3")));
    }

    [Fact]
    public void ListEntries_PagesOfSeveralDocuments_ComeInTheirOrderInPartsOfAnyLength()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        Samples.AddDocument(collection, "b", [.. Enumerable.Range(1, 12).Select(page => Samples.Content($"b#page={page}", page: page))]);
        Samples.AddDocument(collection, "a", Samples.Content("a"));
        Samples.AddDocument(collection, "b-side", Samples.Content("b-side"));
        string[] expected = ["a", .. Enumerable.Range(1, 12).Select(page => $"b#page={page}"), "b-side"];

        for (int length = 1; length <= expected.Length; length++)
        {
            List<string> listed = [];
            while (collection.Entries.List(afterKey: listed.LastOrDefault(), limit: length) is { Count: > 0 } part)
            {
                listed.AddRange(part.Select(entry => entry.Key));
            }

            Assert.Equal(expected, listed);
        }

        Assert.Equal(["b#page=10", "b#page=11"], collection.Entries.List("b", afterKey: "b#page=9", limit: 2).Select(entry => entry.Key));
        Assert.Equal(["b-side"], collection.Entries.List(afterKey: "b#page=13").Select(entry => entry.Key));
    }
}
