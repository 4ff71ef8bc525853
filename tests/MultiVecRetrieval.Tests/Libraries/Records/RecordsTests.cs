using System.Text.Json;
using MultiVecRetrieval.Libraries.Records;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Libraries.Records;

/// <summary>Records of clients: what is stored comes back, and every way of ranking equals its definition.</summary>
public sealed class RecordsTests : IDisposable
{
    private const int Count = 60;
    private const int Dimension = 6;

    private readonly TemporaryFolder _folder = new();
    private readonly Library _library;
    private readonly Dictionary<string, float[]> _dot = [];
    private readonly Dictionary<string, float[][]> _many = [];
    private readonly Dictionary<string, string> _payloads = [];

    public RecordsTests()
    {
        _library = new Library(new LibraryOptions { DataFolder = _folder });
        _library.Records.Create("c",
        [
            new VectorSpec { Name = "", Dimension = Dimension, Similarity = VectorSimilarity.Dot },
            new VectorSpec { Name = "Col Pali", Dimension = 4, IsMultiVector = true },
        ]);
        Random random = new(7);
        List<VectorRecord> records = [];
        for (int i = 0; i < Count; i++)
        {
            string key = $"{i}";
            _dot[key] = RandomRow(random, Dimension);
            _many[key] = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomRow(random, 4))];
            _payloads[key] = JsonSerializer.Serialize(new
            {
                color = new[] { "red", "green", "blue" }[i % 3],
                weight = i / 10.0,
                nested = new { list = new object[] { new { name = $"n{i % 5}" }, new { name = "all" } } },
                text = $"note number {i}",
            });
            records.Add(new VectorRecord
            {
                Key = key,
                Vectors = new Dictionary<string, MultiVector>
                {
                    [""] = new(Dimension, _dot[key]),
                    ["Col Pali"] = new(4, [.. _many[key].SelectMany(row => row)]),
                },
                Payload = _payloads[key],
            });
        }

        _library.Records.UpsertAsync("c", records).GetAwaiter().GetResult();
    }

    [Fact]
    public void Flatten_OnePathByTwoMembers_HasBothValues()
    {
        using JsonDocument payload = JsonDocument.Parse("""{"a.b":1,"a":{"b":2},"c":3}""");

        Dictionary<string, MetadataValue> fields = PayloadFields.Flatten(payload.RootElement);

        Assert.Equal(MetadataValue.List([1, 2]), fields["a.b"]);
        Assert.Equal(3, fields["c"]);
    }

    public void Dispose()
    {
        _library.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Search_ByDotProduct_IsBruteForceAlsoWhereLengthsDiffer()
    {
        float[] query = RandomRow(new Random(1), Dimension);

        IReadOnlyList<RecordHit> hits = await _library.Records.SearchAsync("c", Nearest(query, 12), offset: 3);

        (string Key, double Score)[] expected = [.. _dot.Select(pair => (pair.Key, Score: Dot(pair.Value, query)))
            .OrderByDescending(pair => pair.Score).Skip(3).Take(12)];
        Assert.Equal(expected.Select(pair => pair.Key), hits.Select(hit => hit.Entry.Key));
        Assert.All(expected.Zip(hits), pair =>
            Assert.Equal(pair.First.Score, pair.Second.Score, tolerance: 1e-5 * (1 + Math.Abs(pair.First.Score))));
    }

    [Fact]
    public async Task Search_ByManyVectors_IsTheSumOfBestCosines()
    {
        float[][] query = [RandomRow(new Random(2), 4), RandomRow(new Random(3), 4)];

        IReadOnlyList<RecordHit> hits = await _library.Records.SearchAsync("c", new RecordStage
        {
            Query = new RecordQuery.Nearest("Col Pali", new MultiVector(4, [.. query.SelectMany(row => row)])),
            Limit = Count,
        });

        Assert.Equal(
            _many.Select(pair => (pair.Key, Score: query.Sum(q => pair.Value.Max(row => Cosine(q, row)))))
                .OrderByDescending(pair => pair.Score).Select(pair => pair.Key),
            hits.Select(hit => hit.Entry.Key));
    }

    [Fact]
    public async Task Search_FusedByRanks_IsTheSumOfReciprocals()
    {
        RecordStage[] before = [Nearest(RandomRow(new Random(4), Dimension), 20), Nearest(RandomRow(new Random(5), Dimension), 15)];
        string[][] ranks = [.. (await Task.WhenAll(before.Select(stage => _library.Records.SearchAsync("c", stage))))
            .Select(hits => hits.Select(hit => hit.Entry.Key).ToArray())];
        double[] weights = [3, 0.5];

        IReadOnlyList<RecordHit> fused = await _library.Records.SearchAsync(
            "c", new RecordStage { Before = before, Query = new RecordQuery.ReciprocalRanks(7, weights), Limit = 100 });

        Dictionary<string, double> expected = ranks.SelectMany(keys => keys).Distinct().ToDictionary(
            key => key,
            key => ranks.Select((keys, i) => (Rank: Array.IndexOf(keys, key) + 1, Weight: weights[i]))
                .Where(found => found.Rank > 0).Sum(found => 1 / ((found.Rank / found.Weight) + 7 - 1)));
        Assert.Equal(
            expected.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key),
            fused.Select(hit => hit.Entry.Key));
        Assert.All(fused, hit => Assert.Equal(expected[hit.Entry.Key], hit.Score, tolerance: 1e-12));
    }

    [Fact]
    public async Task Search_FusedByScores_SpreadsThemOverThreeDeviations()
    {
        RecordStage[] before = [Nearest(RandomRow(new Random(4), Dimension), 20), Nearest(RandomRow(new Random(5), Dimension), 15)];
        IReadOnlyList<RecordHit>[] found = await Task.WhenAll(before.Select(stage => _library.Records.SearchAsync("c", stage)));

        IReadOnlyList<RecordHit> fused = await _library.Records.SearchAsync(
            "c", new RecordStage { Before = before, Query = new RecordQuery.SpreadScores(), Limit = 100 });

        Dictionary<string, double> expected = [];
        foreach (IReadOnlyList<RecordHit> hits in found)
        {
            double mean = hits.Average(hit => hit.Score);
            double deviation = Math.Sqrt(hits.Sum(hit => Math.Pow(hit.Score - mean, 2)) / (hits.Count - 1));
            foreach (RecordHit hit in hits)
            {
                double share = (hit.Score - (mean - (3 * deviation))) / (6 * deviation);
                expected[hit.Entry.Key] = expected.GetValueOrDefault(hit.Entry.Key) + share;
            }
        }

        Assert.Equal(expected.Count, fused.Count);
        Assert.All(fused, hit => Assert.Equal(expected[hit.Entry.Key], hit.Score, tolerance: 1e-9));
        Assert.Equal(fused.OrderByDescending(hit => hit.Score), fused);
    }

    [Fact]
    public async Task Search_ByFormula_ComputesFromScoresAndPayload()
    {
        RecordStage before = Nearest(RandomRow(new Random(6), Dimension), 30);
        IReadOnlyList<RecordHit> found = await _library.Records.SearchAsync("c", before);
        ScoreExpression formula = new ScoreExpression.Joined("sum",
        [
            new ScoreExpression.Score(0, 0),
            new ScoreExpression.Joined("mult", [new ScoreExpression.Constant(0.5), new ScoreExpression.Field("weight", null)]),
            new ScoreExpression.Condition(Filter.Equal("meta.color", "red")),
            new ScoreExpression.Decay("gauss", new ScoreExpression.Field("weight", null), new ScoreExpression.Constant(2), 1.5, 0.25),
        ]);

        IReadOnlyList<RecordHit> ranked = await _library.Records.SearchAsync(
            "c", new RecordStage { Before = [before], Query = new RecordQuery.Formula(formula), Limit = 30, MinScore = 0.2 });

        Dictionary<string, double> expected = found.ToDictionary(hit => hit.Entry.Key, hit =>
        {
            int i = int.Parse(hit.Entry.Key, System.Globalization.CultureInfo.InvariantCulture);
            double distance = Math.Abs((i / 10.0) - 2) / 1.5;
            return hit.Score + (0.5 * i / 10.0) + (i % 3 == 0 ? 1 : 0) + Math.Exp(Math.Log(0.25) * distance * distance);
        });
        Assert.Equal(expected.Where(pair => pair.Value >= 0.2).OrderByDescending(pair => pair.Value).Select(pair => pair.Key),
            ranked.Select(hit => hit.Entry.Key));
        Assert.All(ranked, hit => Assert.Equal(expected[hit.Entry.Key], hit.Score, tolerance: 1e-9));
        await Assert.ThrowsAsync<InvalidQueryException>(() => _library.Records.SearchAsync(
            "c", new RecordStage { Before = [before], Query = new RecordQuery.Formula(new ScoreExpression.Field("gone", null)) }));
    }

    [Fact]
    public async Task Search_Diverse_IsGreedyMaximalMarginalRelevance()
    {
        float[] query = RandomRow(new Random(8), Dimension);
        List<RecordHit> left = [.. await _library.Records.SearchAsync("c", Nearest(query, 25))];
        List<string> expected = [];
        while (expected.Count < 8)
        {
            RecordHit next = left.MaxBy(hit => (0.4 * hit.Score) - (expected.Count == 0 ? 0 : 0.6 * expected
                .Max(key => Dot(_dot[key], _dot[hit.Entry.Key]))))!;
            expected.Add(next.Entry.Key);
            left.Remove(next);
        }

        RecordQuery.Nearest nearest = new("", new MultiVector(Dimension, query));
        IReadOnlyList<RecordHit> hits = await _library.Records.SearchAsync(
            "c", new RecordStage { Query = new RecordQuery.Diverse(nearest, 0.6, 25), Limit = 8 });

        Assert.Equal(expected, hits.Select(hit => hit.Entry.Key));
    }

    [Fact]
    public async Task SearchGroups_ByField_HasTheBestOfEachValue()
    {
        RecordStage stage = Nearest(RandomRow(new Random(9), Dimension), 10);
        IReadOnlyList<RecordHit> all = await _library.Records.SearchAsync("c", stage with { Limit = Count });

        IReadOnlyList<RecordGroup> groups = await _library.Records.SearchGroupsAsync("c", stage, "color", size: 4, most: 2);

        (string Color, string[] Keys)[] expected = [.. all.GroupBy(hit => (string)hit.Document.Metadata["color"].Value).Take(2)
            .Select(group => (group.Key, group.Take(4).Select(hit => hit.Entry.Key).ToArray()))];
        Assert.Equal(expected.Select(group => group.Color), groups.Select(group => (string)group.Value.Value));
        Assert.All(expected.Zip(groups), pair => Assert.Equal(pair.First.Keys, pair.Second.Hits.Select(hit => hit.Entry.Key)));
    }

    [Fact]
    public async Task Search_FilteredAndStaged_RanksOnlyWhatPasses()
    {
        RecordStage before = Nearest(RandomRow(new Random(4), Dimension), 25) with { Filter = Filter.Parse("meta.weight >= 1") };
        float[] query = RandomRow(new Random(10), Dimension);

        IReadOnlyList<RecordHit> hits = await _library.Records.SearchAsync("c", new RecordStage
        {
            Before = [before],
            Query = new RecordQuery.Nearest("", new MultiVector(Dimension, query)),
            Filter = Filter.Parse("meta.'nested.list[].name' = n3"),
            Limit = Count,
        });

        HashSet<string> candidates = [.. (await _library.Records.SearchAsync("c", before)).Select(hit => hit.Entry.Key)];
        Assert.Equal(
            _dot.Where(pair => candidates.Contains(pair.Key) && pair.Key[^1] is ('3' or '8'))
                .OrderByDescending(pair => Dot(pair.Value, query)).Select(pair => pair.Key),
            hits.Select(hit => hit.Entry.Key));
    }

    [Fact]
    public async Task Records_AreChangedRemovedAndKeptOverARestart()
    {
        await _library.Records.UpdateAsync("c", ["3", "gone"], record => record with { Payload = """{"color":"black"}""" });
        int removed = await _library.Records.DeleteAsync("c", ["5", "gone"]);
        _library.Dispose();
        using Library again = new(new LibraryOptions { DataFolder = _folder });

        VectorRecord changed = again.Records.Get("c", "3")!;

        Assert.Equal(1, removed);
        Assert.Equal("""{"color":"black"}""", changed.Payload);
        Assert.Equal(_dot["3"], changed.Vectors[""].Values.ToArray());
        Assert.Equal(_many["3"].Length, changed.Vectors["Col Pali"].RowCount);
        Assert.Null(again.Records.Get("c", "5"));
        Assert.Equal(Count - 1, again.GetCollection("c").GetStatistics().EntryCount);
        Assert.Equal(1, again.GetCollection("c").Entries.Count(Filter.Parse("meta.color = black")));
        Assert.Equal(_payloads["4"], again.Records.Get("c", "4")!.Payload);
        Assert.Equal(["", "Col Pali"], again.Records.ListVectors("c").Select(vectors => vectors.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Search_WordsOfPayloads_AreFoundAsText()
    {
        SearchResult result = await _library.SearchAsync(new LibraryQuery { Collection = "c", Text = "note 17" });

        Assert.Equal("17", result.Hits[0].Entry.Key);
        Assert.Contains("17", result.Hits[0].Passage!.Text, StringComparison.Ordinal);
        Assert.Equal(["17"], (await _library.Records.SearchAsync("c", new RecordStage { Query = new RecordQuery.Words("\"number 17\"") }))
            .Select(hit => hit.Entry.Key));
    }

    [Fact]
    public async Task Upsert_WhatCannotBeStored_IsRefusedAndNothingIsStored()
    {
        VectorRecord good = new()
        {
            Key = "new",
            Vectors = new Dictionary<string, MultiVector> { [""] = new(Dimension, new float[Dimension]) },
        };
        VectorRecord[] bad =
        [
            good with { Key = "x", Vectors = new Dictionary<string, MultiVector> { [""] = new(3, [1, 2, 3]) } },
            good with { Key = "x", Vectors = new Dictionary<string, MultiVector> { ["none"] = new(3, [1, 2, 3]) } },
            good with { Key = "x", Vectors = new Dictionary<string, MultiVector> { [""] = new(Dimension, new float[2 * Dimension]) } },
            good with { Key = "" },
            good with { Key = "x", Payload = "[1]" },
        ];

        foreach (VectorRecord record in bad)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => _library.Records.UpsertAsync("c", [good, record]));
            Assert.Null(_library.Records.Get("c", "new"));
        }

        Assert.Throws<CollectionExistsException>(() => _library.Records.Create("c", []));
    }

    [Theory]
    [InlineData("", "x-")]
    [InlineData("dense", "dense")]
    [InlineData("x-dense", "x-782d64656e7365")]
    [InlineData("Größe 1", "x-4772c3b6c39f652031")]
    public void SpaceNames_OfClients_ComeBack(string name, string space)
    {
        Assert.Equal(space, VectorSpec.ToSpaceName(name));
        Assert.Equal(name, VectorSpec.ToName(space));
    }

    [Fact]
    public void Flatten_Payload_HasEachScalarByItsPath()
    {
        using JsonDocument payload = JsonDocument.Parse(
            """{"a":{"b":[1,"x",null,[2]]},"l":[{"n":true},{"n":3,"m":{"k":"v"}}],"e":[],"o":{},"s":"t","z":null}""");

        Dictionary<string, MetadataValue> fields = PayloadFields.Flatten(payload.RootElement);

        Assert.Equal(MetadataValue.List([1, "x", 2]), fields["a.b"]);
        Assert.Equal(MetadataValue.List([true, 3]), fields["l[].n"]);
        Assert.Equal(MetadataValue.List(["v"]), fields["l[].m.k"]);
        Assert.Equal((MetadataValue)"t", fields["s"]);
        Assert.Equal(4, fields.Count);
    }

    private static RecordStage Nearest(float[] query, int limit) =>
        new() { Query = new RecordQuery.Nearest("", new MultiVector(Dimension, query)), Limit = limit };

    // Lengths from a tenth to a hundred: nothing here has length 1.
    private static float[] RandomRow(Random random, int dimension)
    {
        double length = Math.Pow(10, (random.NextDouble() * 3) - 1);
        return [.. Enumerable.Range(0, dimension).Select(_ => (float)(length * ((random.NextDouble() * 2) - 1)))];
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Cosine(float[] a, float[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
}
