using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

public class SearchTests
{
    private readonly Random _random = new(Seed: 5);

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Search_OtherThreadCount_GivesIdenticalResults(int threads)
    {
        using TemporaryFolder folder = new();
        using (Collection filling =
            Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()], WriteBufferInBytes = 20_000 }))
        {
            EntryContent[] entries =
                [.. Enumerable.Range(0, 300).Select(i => Samples.Content($"e{i}", Samples.Rows(_random, _random.Next(1, 30), 8)))];
            Samples.AddDocument(filling, "d", entries);
        }

        SearchRequest request = new() { Vectors = [Samples.Query(Samples.Rows(_random, 6, 8))], Top = 300 };
        using Collection one = Collection.Open(folder, writable: false, new CollectionOptions { SearchThreads = 1 });
        using Collection many = Collection.Open(folder, writable: false, new CollectionOptions { SearchThreads = threads });

        SearchResult expected = one.Search(request);
        SearchResult actual = many.Search(request);

        Assert.Equal(300, actual.Hits.Count);
        Assert.Equal(expected.Hits.Select(hit => (hit.Entry.Key, hit.Score)), actual.Hits.Select(hit => (hit.Entry.Key, hit.Score)));
    }

    [Fact]
    public void Search_EqualScores_AreOrderedByKeyAndPagedWithoutGaps()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] });
        MultiVector rows = Samples.Rows(_random, 2, 8);
        string[] keys = ["b", "B", "a", "ä", "c", "a#page=2", "Z", "9"];
        foreach (string key in keys)
        {
            Samples.AddDocument(collection, key, Samples.Content(key, rows));
        }

        SearchRequest request = new() { Vectors = [Samples.Query(rows)], Top = 3 };
        List<string> found = [];
        for (int offset = 0; offset < keys.Length; offset += 3)
        {
            found.AddRange(collection.Search(request with { Offset = offset }).Keys());
        }

        Assert.Equal(keys.Order(StringComparer.Ordinal), found);
        Assert.Equal([4, 5, 6], collection.Search(request with { Offset = 3 }).Hits.Select(hit => hit.Rank));
    }

    [Fact]
    public void Search_Cancelled_Throws()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space()] });
        MultiVector rows = Samples.Rows(_random, 2, 8);
        Samples.AddDocument(collection, "a", Samples.Content("a", rows));

        Assert.ThrowsAny<OperationCanceledException>(
            () => collection.Search(new SearchRequest { Vectors = [Samples.Query(rows)] }, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Search_TwoSides_JoinsThemAndNamesThem()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space(dimension: 2)] });
        Samples.AddDocument(
            collection,
            "d",
            Samples.Content("both", new MultiVector(2, [1, 0]), "needle needle hay"),
            Samples.Content("vector", new MultiVector(2, [0.8f, 0.6f]), "hay"),
            Samples.Content("text", new MultiVector(2, [0, 1]), "needle needle needle"),
            Samples.Content("only-text", text: "needle hay hay hay"));

        SearchResult result =
            collection.Search(new SearchRequest { Vectors = [Samples.Query(new MultiVector(2, [1, 0]))], Text = "needle" });

        SearchHit first = result.Hits[0];
        Assert.Equal("both", first.Entry.Key);
        Assert.Equal([("vectors:words", 1), ("text", 2)], first.Sources.Select(source => (source.Name, source.Rank)));
        Assert.Equal(1, first.Score, 1e-12);
        Assert.Equal(["text"], result.Hits.Single(hit => hit.Entry.Key == "only-text").Sources.Select(source => source.Name));
        Assert.Equal(4, result.CandidateCount);
    }

    [Fact]
    public void Search_Explain_GivesThePlaceOfTheWinningRowAndOfTheWords()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Samples.Space(dimension: 2)] });
        Place left = new(0, 0, 0.5f, 1);
        Place right = new(0.5f, 0, 1, 1);
        Samples.AddDocument(
            collection, "d", Samples.Content("e", new MultiVector(2, [1, 0, 0, 1], [left, right]), "Größe, GRÖSSE und «Grosse» e-mail"));
        VectorQuery query = Samples.Query(new MultiVector(2, [0.6f, 0.8f])) with { Labels = ["word"] };

        SearchResult result = collection.Search(new SearchRequest { Vectors = [query], Text = "grosse mail", Explain = true });

        IReadOnlyList<HitMatch> matches = result.Hits[0].Matches;
        HitMatch row = matches.Single(match => match.Source == "vectors:words");
        Assert.Equal(("word", 0.8), (row.Label, Math.Round(row.Similarity, 6)));
        Assert.Equal(right.Left, row.Place.Left, 1 / 65535f);

        // Case and diacritics are folded, and ß is ss.
        Assert.Equal(
            [("grosse", 0), ("grosse", 0.01), ("grosse", 0.03), ("mail", 0.04)],
            matches.Where(match => match.Source == "text").Select(match => (match.Label, Math.Round(match.Place.Left, 2))));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"\"\" OR")]
    [InlineData("NEAR(a b, 3)")]
    [InlineData("AND OR NOT")]
    [InlineData("text : needle")]
    [InlineData("needle*")]
    [InlineData("^needle")]
    [InlineData("needle + - (")]
    [InlineData("needle\0\" OR")]
    [InlineData("{a b} : c")]
    [InlineData("'; DROP TABLE texts; --")]
    [InlineData("\ud800 lone")]
    [InlineData("")]
    [InlineData("  ...  ")]
    public void Search_HostileText_NeverFails(string text)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        Samples.AddDocument(collection, "d", Samples.Content("e", text: "the needle in the \0 hay \u0001stack\u0002"));

        SearchResult result = collection.Search(new SearchRequest { Text = text, Explain = true });

        Assert.Equal(text.Contains("needle", StringComparison.Ordinal), result.Hits.Count == 1);
    }

    [Fact]
    public void Search_RandomText_NeverFails()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        Samples.AddDocument(collection, "d", Samples.Content("e", text: "a b c"));
        const string Alphabet = "ab \"'*^-+():{}.,\0\u0001\n\u00e4\u0308\u4e2d\ud83d\ude00\ud800NEAROT";
        for (int i = 0; i < 500; i++)
        {
            string text = new([.. Enumerable.Range(0, _random.Next(20)).Select(_ => Alphabet[_random.Next(Alphabet.Length)])]);
            collection.Search(new SearchRequest { Text = text, Explain = true });
        }
    }

    [Fact]
    public void Search_Replaced_ScoresTextLikeAFreshCollection()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder freshFolder = new();
        using Collection worn = Collection.Create(folder, new CollectionOptions());
        using Collection fresh = Collection.Create(freshFolder, new CollectionOptions());
        string[] words = ["alpha", "beta", "gamma", "delta"];
        string RandomText() => string.Join(' ', Enumerable.Range(0, _random.Next(1, 30)).Select(_ => words[_random.Next(4)]));
        Dictionary<string, string> texts = [];
        for (int i = 0; i < 60; i++)
        {
            string key = $"d{_random.Next(12)}";
            texts[key] = RandomText();
            Samples.AddDocument(worn, key, Samples.Content(key, text: texts[key]));
        }

        foreach ((string key, string text) in texts)
        {
            Samples.AddDocument(fresh, key, Samples.Content(key, text: text));
        }

        SearchRequest request = new() { Text = "alpha delta", Top = 100 };
        Assert.Equal(
            fresh.Search(request).Hits.Select(hit => (hit.Entry.Key, Math.Round(hit.Score, 10))),
            worn.Search(request).Hits.Select(hit => (hit.Entry.Key, Math.Round(hit.Score, 10))));
    }

    [Fact]
    public void Search_FingerprintAndHash_FindNearAndExactDuplicates()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        Samples.AddDocument(collection, "near", Samples.Content("near", hashes: [0xFFFF, 0xFF]));
        Samples.AddDocument(collection, "far", Samples.Content("far", hashes: 0xFFFF_FFFF));
        Samples.AddDocument(collection, "same", Samples.Content("same", hashes: ulong.MaxValue));
        Samples.AddDocument(collection, "self", Samples.Content("self", hashes: 0xF));

        SearchRequest request = new()
        {
            Fingerprint = new Fingerprint(0xF, Place.Whole),
            ContentHash = Samples.Document("same").ContentHash,
            ExcludeEntries = ["self"],
            Explain = true,
        };
        SearchResult result = collection.Search(request);

        Assert.Equal([("same", 1.0), ("near", 1 - (5 / 65.0))], result.Hits.Select(hit => (hit.Entry.Key, hit.Score)));
        Assert.Equal("duplicate", Assert.Single(result.Hits[0].Sources).Name);
        Assert.Equal(3, result.CandidateCount);
        Assert.Equal(["self"],
            collection.Search(request with { ContentHash = null, ExcludeEntries = [], MaxFingerprintDistance = 0 }).Keys());
    }

    [Fact]
    public void Search_SameFileAndAnotherOfEqualFingerprint_SameFileIsFirst()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        // By key the other file comes first, so only the score can put it second.
        Samples.AddDocument(collection, "a-resaved", Samples.Content("a-resaved", hashes: 0xF));
        Samples.AddDocument(collection, "b-same", Samples.Content("b-same", hashes: 0xF));

        SearchResult result = collection.Search(new SearchRequest
        {
            Fingerprint = new Fingerprint(0xF, Place.Whole),
            ContentHash = Samples.Document("b-same").ContentHash,
            Explain = true,
        });

        Assert.Equal([("b-same", 1.0), ("a-resaved", 64 / 65.0)], result.Hits.Select(hit => (hit.Entry.Key, hit.Score)));
        Assert.Equal(["same", "similar"], result.Hits.Select(hit => Assert.Single(hit.Matches).Label));
    }

    [Fact]
    public async Task Search_WhileCommitsAndMergesRun_SeesWholeGenerations()
    {
        using TemporaryFolder folder = new();
        CollectionOptions options = new() { Spaces = [Samples.Space()], MergeSegmentCount = 2, WriteBufferInBytes = 1 };
        using Collection writing = Collection.Create(folder, options);
        using Collection reading = Collection.Open(folder, writable: false);
        MultiVector query = Samples.Rows(_random, 2, 8);
        MultiVector rows = Samples.Rows(_random, 3, 8);
        void WriteVersion(int version)
        {
            using CollectionWriter writer = writing.BeginWrite();
            foreach (string key in new[] { "x", "y" })
            {
                writer.BeginDocument(Samples.Document(key, MediaType.Page, ("version", version)));
                writer.Add(Samples.Content($"{key}#page=1", rows, "word"));
            }

            writer.Commit();
        }

        WriteVersion(0);
        using CancellationTokenSource done = new();
        Task[] readers = [.. new[] { writing, reading, reading }.Select(collection => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                SearchResult result = collection.Search(new SearchRequest { Vectors = [Samples.Query(query)], Text = "word" });
                Assert.Equal(["x#page=1", "y#page=1"], result.Keys());
                Assert.Equal(result.Hits[0].Document.Metadata["version"], result.Hits[1].Document.Metadata["version"]);
            }
        }))];
        for (int version = 1; version <= 60; version++)
        {
            WriteVersion(version);
            if (version % 20 == 0)
            {
                writing.Upkeep.MergeSegments();
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Empty(writing.Upkeep.Verify().Problems);
    }
}
