using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Joining sides by ranks and by spread scores, against the formulas.</summary>
public sealed class RankFusionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Collection _collection;
    private readonly double[] _seen = [0.9, 0.1, 0.5, -0.3];
    private readonly double[] _meant = [0.2, 0.8, 0.3, 0.7];

    public RankFusionTests()
    {
        _collection = Collection.Create(
            _folder, new CollectionOptions { Spaces = [Samples.Space("meaning", dimension: 2), Samples.Space("seen", dimension: 2)] });
        for (int i = 0; i < _seen.Length; i++)
        {
            Samples.AddDocument(_collection, $"e{i}", Samples.Content($"e{i}") with
            {
                Vectors = new Dictionary<string, MultiVector>
                {
                    ["seen"] = new(2, Row(_seen[i])),
                    ["meaning"] = new(2, Row(_meant[i])),
                },
            });
        }
    }

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, 1, 60)]
    [InlineData(3, 0.5, 60)]
    [InlineData(1, 2, 1)]
    public void Search_ReciprocalRanks_AreTheWeightedSumAsAShare(double seen, double meant, double constant)
    {
        SearchResult result = Ask(new SideFusion
        {
            Method = FusionMethod.ReciprocalRank,
            RankConstant = constant,
            Weights = new Dictionary<string, double> { ["seen"] = seen, ["vectors:meaning"] = meant },
        });

        double Rank(double[] scores, int entry) => 1 + scores.Count(score => score > scores[entry]);
        for (int i = 0; i < _seen.Length; i++)
        {
            double expected = ((seen / (constant + Rank(_seen, i))) + (meant / (constant + Rank(_meant, i))))
                / ((seen + meant) / (constant + 1));
            Assert.Equal(expected, result.Hits.Single(hit => hit.Entry.Key == $"e{i}").Score, 1e-9);
        }

        Assert.Equal(result.Hits.Select(hit => hit.Score).OrderDescending(), result.Hits.Select(hit => hit.Score));
        Assert.All(result.Hits, hit => Assert.True(hit.IsLikely));
    }

    [Fact]
    public void Search_SpreadScores_AreTheWeightedMeanOfSharesOfSixDeviations()
    {
        SearchResult result = Ask(SideFusion.From("dbsf", "meaning=2"));

        double Share(double[] scores, int entry)
        {
            double deviation = Math.Sqrt(scores.Average(score => Math.Pow(score - scores.Average(), 2)));
            return Math.Clamp((scores[entry] - scores.Average() + (3 * deviation)) / (6 * deviation), 0, 1);
        }

        for (int i = 0; i < _seen.Length; i++)
        {
            double expected = (Share(_seen, i) + (2 * Share(_meant, i))) / 3;
            Assert.Equal(expected, result.Hits.Single(hit => hit.Entry.Key == $"e{i}").Score, 1e-6);
        }
    }

    [Fact]
    public void Search_SideOfWeightZero_DecidesNothing() => Assert.Equal(
        ["e1", "e3", "e2", "e0"], Ask(SideFusion.From(null, "seen=0")).Hits.Select(hit => hit.Entry.Key));

    [Theory]
    [InlineData("votes", null, "fusion", "known are evidence, rrf and dbsf")]
    [InlineData("rrf", "text", "weights", "'text' is no weight")]
    [InlineData("rrf", "text=1, text=2", "weights", "give each side once")]
    [InlineData("rrf", "text=x", "weights", "is no weight")]
    [InlineData("rrf", "words=1", "weights", "no side 'words'; known are text, duplicate, meaning, seen")]
    [InlineData("rrf", "text=-1", "weights", "is -1; it is in [0, 1000]")]
    [InlineData("evidence", "text=1", "weights", "go with rrf and dbsf")]
    [InlineData("dbsf", "text=0,duplicate=0,seen=0,meaning=0", "weights", "Every side")]
    public void Search_WrongFusion_SaysWhatIsWrong(string method, string? weights, string parameter, string message)
    {
        SearchOptionException wrong = Assert.Throws<SearchOptionException>(() => Ask(SideFusion.From(method, weights)));

        Assert.Equal(parameter, wrong.Parameter);
        Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
    }

    private SearchResult Ask(SideFusion fusion) => _collection.Search(new SearchRequest
    {
        Fusion = fusion,
        Vectors =
        [
            Samples.Query(new MultiVector(2, [1, 0]), "seen"),
            Samples.Query(new MultiVector(2, [1, 0]), "meaning"),
        ],
    });

    private static float[] Row(double similarity) => [(float)similarity, (float)Math.Sqrt(1 - (similarity * similarity))];
}
