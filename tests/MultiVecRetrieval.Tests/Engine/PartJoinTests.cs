using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Parts of a question meet as the formulas say; similarities stand for evidence by a logistic whose middle is 0.</summary>
public sealed class PartJoinTests : IDisposable
{
    private const double Doubt = 0.02;

    private readonly TemporaryFolder _folder = new();
    private readonly Collection _collection;

    public PartJoinTests() => _collection = Collection.Create(
        _folder, new CollectionOptions { Spaces = [Samples.Space("meaning", dimension: 2), Samples.Space("seen", dimension: 2)] });

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(PartJoin.All, 1, 1)]
    [InlineData(PartJoin.All, 3, 1)]
    [InlineData(PartJoin.Any, 1, 1)]
    [InlineData(PartJoin.Any, 1, 2.5)]
    public void Search_TwoPartsAndAnExcludedOne_HasTheScoresOfTheFormula(PartJoin join, double first, double second)
    {
        Random random = new(5);
        Dictionary<string, (double Meaning, double Seen)> entries = [];
        for (int i = 0; i < 40; i++)
        {
            entries[$"e{i:00}"] = ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
            _collection.AddBoth($"e{i:00}", entries[$"e{i:00}"].Meaning, entries[$"e{i:00}"].Seen);
        }

        SearchResult result = _collection.Search(new SearchRequest
        {
            Parts =
            [
                new SearchPart { Vectors = [Query("meaning", 1)], Weight = first },
                new SearchPart { Vectors = [Query("seen", 1)], Weight = second },
                new SearchPart { Vectors = [Query("seen", -1)], IsExcluded = true, Weight = 0.5 },
            ],
            Join = join,
            Top = 40,
        });

        Assert.Equal(40, result.Hits.Count);
        foreach (SearchHit hit in result.Hits)
        {
            (double meaning, double seen) = entries[hit.Entry.Key];
            (double a, double b) = (Doubted(Evidence(meaning)), Doubted(Evidence(seen)));
            double met = join == PartJoin.All
                ? Math.Pow(Math.Pow(a, first) * Math.Pow(b, second), 1 / (first + second))
                : Math.Max(Evidence(meaning) * first, Evidence(seen) * second) / Math.Max(first, second);
            Assert.Equal(met * (1 - (0.5 * Evidence(-seen))), hit.Score, 4);
        }

        Assert.Equal(result.Hits.OrderByDescending(hit => hit.Score).Select(hit => hit.Entry.Key), result.Keys());
    }

    // An entry that stands below the depth of one side, and high on the other, has the evidence of both.
    [Fact]
    public void Search_EntryFarDownInOnePart_IsScoredByBoth()
    {
        using CollectionWriter writer = _collection.BeginWrite();
        const int Count = 2_600;
        for (int i = 0; i < Count; i++)
        {
            // Similarities of the two spaces run in opposite directions.
            double meaning = 0.2 + (0.6 * i / Count);
            Add(writer, $"e{i:0000}", meaning, 1 - meaning);
        }

        writer.Commit();
        SearchResult result = _collection.Search(new SearchRequest
        {
            Parts = [new SearchPart { Vectors = [Query("meaning", 1)] }, new SearchPart { Vectors = [Query("seen", 1)] }],
            Top = 50,
        });

        Assert.All(result.Hits, hit =>
        {
            double meaning = 0.2 + (0.6 * int.Parse(hit.Entry.Key[1..], System.Globalization.CultureInfo.InvariantCulture) / Count);
            Assert.Equal(Math.Sqrt(Doubted(Evidence(meaning)) * Doubted(Evidence(1 - meaning))), hit.Score, 3);
        });
    }

    [Fact]
    public void Search_SeveralTexts_MeetsAllOrAny()
    {
        AddText("both", "red boat on a lake");
        AddText("boat", "red boat at the quay");
        AddText("lake", "lake with ducks");
        SearchRequest request = new() { Parts = [new SearchPart { Text = "boat" }, new SearchPart { Text = "lake" }] };

        Assert.Equal("both", _collection.Search(request).Hits[0].Entry.Key);
        Assert.Equal(["boat", "both", "lake"], _collection.Search(request with { Join = PartJoin.Any }).Keys().Order());
        Assert.Equal(["boat"], _collection.Search(request with
        {
            Parts = [new SearchPart { Text = "boat" }, new SearchPart { Text = "lake", IsExcluded = true }],
        }).Hits.Where(hit => hit.IsLikely).Select(hit => hit.Entry.Key));
    }

    [Fact]
    public void Search_WordsThatMustNotBeThere_BindAllPartsOrTheirOwn()
    {
        AddText("both", "red boat on a lake");
        AddText("boat", "red boat at the quay");
        SearchRequest request = new() { Parts = [new SearchPart { Text = "boat -lake" }, new SearchPart { Text = "red" }] };

        Assert.Equal(["boat"], _collection.Search(request).Keys());
        Assert.Equal(["boat", "both"], _collection.Search(request with { Join = PartJoin.Any }).Keys().Order());
    }

    [Fact]
    public void Search_SeveralExamples_AreAllLeftOut()
    {
        foreach (string key in (string[])["a", "b", "c"])
        {
            _collection.AddBoth(key, 0.5, 0.5);
        }

        SearchResult result = _collection.Search(new SearchRequest { Vectors = [Query("seen", 1)], ExcludeEntries = ["a", "c", "none"] });

        Assert.Equal(["b"], result.Keys());
        Assert.Equal(1, result.CandidateCount);
    }

    [Fact]
    public void Search_WeightedRows_CountAndAreExplainedWithoutTheirWeights()
    {
        _collection.AddBoth("entry", 0.5, 0.6);
        MultiVector rows = new(2, [1, 0, 0, 1]);
        VectorQuery query = Query("seen", 1) with
        {
            Rows = rows,
            Kind = EvidenceKind.Likeness,
            RowWeights = [0.25f, 3],
            Labels = ["x", "y"],
        };

        SearchHit hit = Assert.Single(_collection.Search(new SearchRequest { Vectors = [query], Explain = true }).Hits);

        Assert.Equal((0.25 * 0.6) + (3 * 0.8), hit.Score, 5);
        Assert.Equal([0.6, 0.8], hit.Matches.Select(match => Math.Round(match.Similarity, 5)));
    }

    [Fact]
    public void Search_WrongParts_AreRefusedByName()
    {
        SearchPart text = new() { Text = "a" };
        VectorQuery seen = Query("seen", 1);
        foreach (SearchRequest wrong in (SearchRequest[])
        [
            new() { Parts = [text], Text = "b" },
            new() { Parts = [text with { IsExcluded = true }] },
            new() { Parts = [text, new SearchPart()] },
            new() { Parts = [text with { Weight = 0 }] },
            new() { Parts = [text with { Weight = double.NaN }] },
            new() { Vectors = [seen with { RowWeights = [1, 2] }] },
            new() { Vectors = [seen with { RowWeights = [0] }] },
        ])
        {
            Assert.ThrowsAny<ArgumentException>(() => _collection.Search(wrong));
        }
    }

    private static double Doubted(double evidence) => Doubt + ((1 - Doubt) * evidence);

    private static double Evidence(double similarity) => 1 / (1 + Math.Exp(-4 * similarity));

    private static VectorQuery Query(string space, float direction) => new()
    {
        Space = space,
        SpaceId = new SpaceId("a1"),
        Rows = new MultiVector(2, [direction, 0]),
        Kind = EvidenceKind.Pictures,
        Presence = 0,
        PresenceWidth = 1,
    };

    private static void Add(CollectionWriter writer, string key, double meaning, double seen)
    {
        writer.BeginDocument(Samples.Document(key));
        writer.Add(Samples.Content(key) with
        {
            Vectors = new Dictionary<string, MultiVector>
            {
                ["meaning"] = EvidenceSamples.Row(meaning),
                ["seen"] = EvidenceSamples.Row(seen),
            },
        });
    }

    private void AddText(string key, string text) => Samples.AddDocument(_collection, key, Samples.Content(key, text: text));
}
