using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Sides are weighed by what they know; rows of two values let a test say how similar each entry is.</summary>
public sealed class EvidenceFusionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Collection _collection;

    public EvidenceFusionTests() => _collection = Collection.Create(
        _folder, new CollectionOptions { Spaces = [Samples.Space("meaning", dimension: 2), Samples.Space("seen", dimension: 2)] });

    [Fact]
    public void Search_QueryInWordsOfAText_IsAnsweredByWords()
    {
        Add("exact", "the harbour master counts ships", meaning: 0.3);
        Add("near", "boats are numbered at the port", meaning: 0.7);

        Assert.Equal(["exact", "near"], Ask("harbour master counts ships"));
    }

    [Fact]
    public void Search_QueryInOtherWords_IsAnsweredByMeaning()
    {
        Add("other", "a harbour is a place of water", meaning: 0.1);
        Add("near", "boats are numbered at the port", meaning: 0.7);

        Assert.Equal(["near", "other"], Ask("how many vessels reach a harbour each day"));
    }

    [Theory]
    [InlineData(0.35, 0.5)]
    [InlineData(0.45, 0.982)]
    [InlineData(0.25, 0.018)]
    public void Search_MeaningAlone_IsTheLogisticAroundThePresence(double similarity, double evidence)
    {
        Add("entry", "boats", similarity);

        SearchHit hit = Assert.Single(_collection.Search(Request("vessels")).Hits);
        Assert.Equal(evidence, hit.Score, 3);
        Assert.Equal(evidence >= SearchHit.LikelyEvidence, hit.IsLikely);
    }

    // Just above .349, the threshold of one picture; the threshold grows by .2 of the width of .1 with the logarithm of the moments.
    [Theory]
    [InlineData(1, 1, 0.510)]
    [InlineData(1, 40, 0.510)]
    [InlineData(8, 1, 0.165)]
    [InlineData(8, 5, 0.165)]
    [InlineData(400, 1, 0.009)]
    public void Search_BestOfManyMoments_IsLessEvidenceThanOfOne(int moments, int rowsOfEach, double evidence)
    {
        Place[] places = [.. Enumerable.Range(0, moments * rowsOfEach)
            .Select(row => new Place(0, 0, 1, 1, row / rowsOfEach, (row / rowsOfEach) + 1))];
        float[] values = [.. places.SelectMany(
            (_, row) => EvidenceSamples.Row(row == places.Length / 2 ? 0.35 : -0.2).Values.ToArray())];
        Samples.AddDocument(_collection, "video", Samples.Content("video") with
        {
            Vectors = new Dictionary<string, MultiVector> { ["seen"] = new MultiVector(2, values, places) },
        });

        SearchHit alone = Assert.Single(_collection.Search(new SearchRequest { Vectors = [Shown()] }).Hits);
        SearchHit fused = Assert.Single(_collection.Search(new SearchRequest { Text = "harbour", Vectors = [Shown()] }).Hits);

        Assert.Equal(moments == 1, alone.IsLikely);
        Assert.Equal(evidence, fused.Score, 3);
        VectorQuery Shown() => Query("seen") with { Kind = EvidenceKind.Pictures, Presence = 0.349, PresenceWidth = 0.1 };
    }

    // One half at the presence of 0.35: of one side the score is a similarity, and the evidence the same as of several.
    [Theory]
    [InlineData(0.4, "far,near")]
    [InlineData(0.6, "near")]
    [InlineData(1, "")]
    public void Search_WithALeastEvidence_LeavesOutWhatHasLess(double least, string expected)
    {
        Add("least", "boats", meaning: 0.25);
        Add("far", "boats", meaning: 0.35);
        Add("near", "boats", meaning: 0.45);
        VectorQuery meaning = Query("meaning") with { Kind = EvidenceKind.Passages, Presence = 0.35, PresenceWidth = 0.1 };

        SearchResult one = _collection.Search(new SearchRequest { Vectors = [meaning], MinEvidence = least });
        SearchResult several = _collection.Search(new SearchRequest { Text = "vessels", Vectors = [meaning], MinEvidence = least });

        Assert.Equal(expected, string.Join(',', one.Keys().Order(StringComparer.Ordinal)));
        Assert.Equal(expected, string.Join(',', several.Keys().Order(StringComparer.Ordinal)));
        Assert.False(one.HasMore);
    }

    [Fact]
    public void Search_WithALeastEvidenceWhereThereIsNone_SaysWhatHasNone()
    {
        Add("entry", "boats", meaning: 0.3);
        SearchRequest wanted = new() { MinEvidence = 0.3 };

        string[] reasons =
        [
            Refuse(wanted with { Text = "boats" }),
            Refuse(wanted with { Vectors = [Query("seen")] }),
            Refuse(wanted with { Text = "boats", Vectors = [Query("meaning") with { Kind = EvidenceKind.Passages }] }),
            Refuse(wanted with { Text = "boats", Fusion = new SideFusion { Method = FusionMethod.ReciprocalRank } }),
        ];

        Assert.All(
            reasons.Zip((string[])["Full text alone", "vectors:seen", "vectors:meaning", "rrf"]),
            pair => Assert.Contains(pair.Second, pair.First, StringComparison.Ordinal));
        Assert.Throws<ArgumentOutOfRangeException>(() => _collection.Search(wanted with { Text = "boats", MinEvidence = 1.1 }));

        string Refuse(SearchRequest request)
        {
            SearchOptionException error = Assert.Throws<SearchOptionException>(() => _collection.Search(request));
            Assert.Equal("minEvidence", error.Parameter);
            return error.Message;
        }
    }

    [Fact]
    public void Search_CommonWordsOnly_FindsNothingLikely()
    {
        Add("page", "this is about the and of it", meaning: 0.1);

        Assert.All(_collection.Search(Request("what is it about the")).Hits, hit => Assert.False(hit.IsLikely));
    }

    // A similarity of .35 is evidence of one half; the likeness of the first is 1, of the last 0, between them its share of that range.
    [Theory]
    [InlineData(0.85, 0.9, 0.95)]
    [InlineData(0.35, 0.5, 0.51)]
    [InlineData(0.85, 0.0, 0.141)]
    [InlineData(-0.2, 0.9, 0.134)]
    [InlineData(-0.2, 0.0, 0.02)]
    public void Search_WordsAndAnExample_HaveTheGeometricMeanOfBoth(double meaning, double likeness, double evidence)
    {
        _collection.AddBoth("best", -0.5, 1);
        _collection.AddBoth("entry", meaning, likeness);
        _collection.AddBoth("least", -0.5, 0);

        SearchResult result = _collection.Search(new SearchRequest
        {
            Parts =
            [
                new SearchPart { Vectors = [Query("meaning") with { Kind = EvidenceKind.Passages, Presence = 0.35, PresenceWidth = 0.1 }] },
                new SearchPart { Vectors = [Query("seen")] },
            ],
        });

        SearchHit hit = result.Hits.Single(hit => hit.Entry.Key == "entry");
        Assert.Equal(evidence, hit.Score, 3);
        Assert.Equal(evidence >= SearchHit.LikelyEvidence, hit.IsLikely);
    }

    [Fact]
    public void Search_ModelOfWordsAndPictures_CountsForBoth()
    {
        _collection.AddBoth("both", 0, 0.9);
        _collection.AddBoth("none", 0, 0.1);
        VectorQuery seen = Query("seen");

        SearchResult result = _collection.Search(new SearchRequest
        {
            Parts =
            [
                new SearchPart { Text = "harbour", Vectors = [seen] },
                new SearchPart { ContentHash = new string('0', 64), Vectors = [seen] },
            ],
        });

        Assert.Equal(["both", "none"], result.Keys());
        Assert.Equal([1, 0.02], result.Hits.Select(hit => Math.Round(hit.Score, 6)));
    }

    // Cases of look-alikes: pictures without the words, before pages that have them.
    [Fact]
    public void Search_WordsInText_StandBeforeLookAlikes()
    {
        for (int i = 0; i < 8; i++)
        {
            AddSeen($"a{i}", seen: 0.55);
        }

        for (int i = 0; i < 5; i++)
        {
            Add($"z{i}", "grandmother went to the notary", meaning: 0);
        }

        SearchResult result = _collection.Search(
            new SearchRequest { Text = "grandmother notary", Top = 20, Vectors = [Seen("grandmother")] });

        Assert.Equal(["z0", "z1", "z2", "z3", "z4"], result.Keys().Take(5));
        Assert.All(result.Hits.Take(5), hit => Assert.True(hit.IsLikely));
        Assert.All(result.Hits.Skip(5), hit => Assert.False(hit.IsLikely));
    }

    [Fact]
    public void Search_WordSeenInAPicture_CountsLikeAWordOfAText()
    {
        AddSeen("sign", seen: 0.8);
        Add("page", "unrelated", meaning: 0);

        SearchHit hit = _collection.Search(new SearchRequest { Text = "harbour", Vectors = [Seen("harbour")] }).Hits[0];
        Assert.Equal("sign", hit.Entry.Key);
        Assert.True(hit.IsLikely);
    }

    // Full text has the words of the pages, so however many look like the word, a scan among them is still looked at.
    [Fact]
    public void Search_ScanAmongManyPagesWithText_IsFoundByItsWord()
    {
        for (int i = 0; i < 150; i++)
        {
            AddRead($"page{i:000}", "unrelated", seen: 0.9);
        }

        AddSeen("scan", seen: 0.8);

        SearchResult result = _collection.Search(new SearchRequest { Text = "harbour", Vectors = [Seen("harbour")] });

        Assert.Equal(["scan"], result.Keys());
        Assert.Equal(1, Assert.Single(result.Plans).ExactCount);
        Assert.Contains("full text", result.Plans[0].Reason, StringComparison.Ordinal);
    }

    // The text of a video is what is said in it.
    [Fact]
    public void Search_WordSeenInAVideoWithSubtitles_CountsToo()
    {
        EntryContent video = Samples.Content("video", text: "good evening") with
        {
            Vectors = new Dictionary<string, MultiVector> { ["seen"] = EvidenceSamples.Row(0.8) },
        };
        Samples.AddDocument(_collection, "video", video with { Entry = video.Entry with { MediaType = MediaType.Video } });

        SearchHit hit = Assert.Single(
            _collection.Search(new SearchRequest { Text = "harbour", Vectors = [Seen("harbour")] }).Hits);
        Assert.True(hit.IsLikely);
    }

    [Theory]
    [InlineData(FusionMethod.ReciprocalRank)]
    [InlineData(FusionMethod.Distribution)]
    public void Search_OtherFusion_HasEveryPageBySight(FusionMethod method)
    {
        AddRead("page", "unrelated", seen: 0.9);

        SearchResult result = _collection.Search(new SearchRequest
        {
            Text = "harbour",
            Vectors = [Seen("harbour")],
            Fusion = new SideFusion { Method = method },
        });

        Assert.Equal(["page"], result.Keys());
    }

    // A query that says a word three times has a row for each.
    [Fact]
    public void Search_WordSaidThreeTimes_CountsOnce()
    {
        AddSeen("sign", seen: 0.8);
        Add("page", "unrelated", meaning: 0);
        VectorQuery thrice = Seen("harbour") with
        {
            Rows = new MultiVector(2, [1, 0, 1, 0, 1, 0]),
            Labels = ["harbour", "harbour", "harbour"],
        };

        double once = _collection.Search(new SearchRequest { Text = "harbour", Vectors = [Seen("harbour")] }).Hits[0].Score;
        double said = _collection.Search(new SearchRequest { Text = "harbour harbour harbour", Vectors = [thrice] }).Hits[0].Score;

        Assert.InRange(once, 0.5, 1);
        Assert.Equal(once, said, 9);
    }

    [Fact]
    public void Search_Likeness_IsTheWeightedMeanOfWhatSidesSay()
    {
        _collection.AddBoth("best", 0.9, 0.1);
        _collection.AddBoth("middle", 0.5, 0.5);
        _collection.AddBoth("least", 0.1, 0.3);

        SearchResult result = _collection.Search(new SearchRequest
        {
            Vectors = [Query("meaning") with { Weight = 3 }, Query("seen")],
        });

        // Shares of the range: 1, .5, 0 of meaning; 0, 1, .5 of what is seen.
        Assert.Equal(["best", "middle", "least"], result.Keys());
        Assert.Equal([0.75, 0.625, 0.125], result.Hits.Select(hit => Math.Round(hit.Score, 5)));
    }

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    private void Add(string key, string text, double meaning) => Samples.AddDocument(_collection, key, Samples.Content(key, text: text) with
    {
        Vectors = new Dictionary<string, MultiVector> { ["meaning"] = EvidenceSamples.Row(meaning) },
    });

    private void AddSeen(string key, double seen) => Samples.AddDocument(_collection, key, Samples.Content(key) with
    {
        Vectors = new Dictionary<string, MultiVector> { ["seen"] = EvidenceSamples.Row(seen) },
    });

    private void AddRead(string key, string text, double seen) =>
        Samples.AddDocument(_collection, key, Samples.Content(key, text: text) with
        {
            Vectors = new Dictionary<string, MultiVector> { ["seen"] = EvidenceSamples.Row(seen) },
        });

    private List<string> Ask(string text) => [.. _collection.Search(Request(text)).Keys()];

    private static SearchRequest Request(string text) => new()
    {
        Text = text,
        Vectors = [Query("meaning") with { Kind = EvidenceKind.Passages, Presence = 0.35, PresenceWidth = 0.1 }],
    };

    private static VectorQuery Seen(string word) => Query("seen") with
    {
        Kind = EvidenceKind.Words,
        Labels = [word],
        Presence = 0.69,
        PresenceWidth = 0.1,
    };

    private static VectorQuery Query(string space) => new()
    {
        Space = space,
        SpaceId = Samples.Space(space, dimension: 2).Id,
        Rows = new MultiVector(2, [1, 0]),
    };
}
