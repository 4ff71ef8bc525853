using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Reduction;

/// <summary>Merging and ordering, against plain definitions.</summary>
public class MergingTests
{
    private static readonly MultiVector Page = ReductionSamples.Page(seed: 12, 8, 8, 16);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void Merge_InTheEnd_NoTwoRowsAreThatNear(double cosine)
    {
        ReducedRows reduced = Reductions.Parse($"merge:{cosine}").Reduce(ReductionSamples.Source(Page));

        Assert.InRange(reduced.RowCount, 2, 63);
        AssertMeans(reduced, i => 1);
        for (int i = 0; i < reduced.RowCount; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.True(ReductionSamples.Dot(Row(reduced, i), Row(reduced, j)) < cosine + 1e-6);
            }
        }
    }

    [Fact]
    public void Merge_APairWithinTheCosine_MergesItAlone()
    {
        MultiVector rows = new(2, [1, 0, 0, 1, 0.96f, 0.28f, -1, 0]);

        Assert.Equal([0, 1, 0, 2], Reductions.Parse("merge:0.9").Reduce(ReductionSamples.Source(rows)).Owners);
    }

    [Fact]
    public void Guided_EveryRow_GoesToTheNearestOfTheMostImportant()
    {
        float[] saliency = ReductionSamples.Saliency(seed: 5, 64);
        int[] centres = [.. Enumerable.Range(0, 64).OrderByDescending(i => saliency[i]).Take(8).Order()];

        ReducedRows reduced = Reductions.Parse("agc:8").Reduce(ReductionSamples.Source(Page, saliency));

        for (int i = 0; i < 64; i++)
        {
            int expected = centres.Contains(i) ? i : centres.MaxBy(centre => ReductionSamples.Dot(Page.Row(i), Page.Row(centre)));
            Assert.Equal(Array.IndexOf(centres, expected), reduced.Owners[i]);
        }

        AssertMeans(reduced, i => Math.Max(saliency[i], 1e-3 * saliency.Max()));
    }

    [Fact]
    public void Ward_AnyRows_GivesMeansOfTheClusters() =>
        AssertMeans(Reductions.Parse("ward:5").Reduce(ReductionSamples.Source(Page)), i => 1);

    [Fact]
    public void Ward_MoreRowsThanARun_GivesTheBudget()
    {
        MultiVector rows = ReductionSamples.Page(seed: 1, 1, WardClusters.MaxRunRowCount + 10, 2);

        ReducedRows reduced = Reductions.Parse("ward:10").Reduce(ReductionSamples.Source(rows));

        Assert.Equal(rows.RowCount / 10, reduced.RowCount);
        Assert.Equal(Enumerable.Range(0, reduced.RowCount), reduced.Owners.Distinct().Order());
    }

    [Theory]
    [InlineData("order", false)]
    [InlineData("order:by=attention", true)]
    public void Order_EachNextRow_RaisesTheCoverageMost(string spec, bool isWeighted)
    {
        float[] saliency = ReductionSamples.Saliency(seed: 6, 64);
        double[] weights = [.. saliency.Select(value => isWeighted ? value : 1.0)];
        int[] owners = Reductions.Parse(spec).Reduce(ReductionSamples.Source(Page, saliency)).Owners;
        int[] order = [.. Enumerable.Range(0, 64).OrderBy(i => owners[i])];

        double[] best = new double[64];
        foreach (int chosen in order)
        {
            double Gain(int i)
                => Enumerable.Range(0, 64).Sum(j => weights[j] * Math.Max(0, ReductionSamples.Dot(Page.Row(i), Page.Row(j)) - best[j]));
            double highest = Enumerable.Range(0, 64).Where(i => owners[i] >= owners[chosen]).Max(Gain);

            // float32 sums of 64 terms of at most 1.
            Assert.True(Gain(chosen) >= highest - (64 * 64.0 / (1 << 24)), $"row {chosen}");
            for (int j = 0; j < 64; j++)
            {
                best[j] = Math.Max(best[j], ReductionSamples.Dot(Page.Row(chosen), Page.Row(j)));
            }
        }
    }

    [Fact]
    public void Order_ItsPrefix_CoversMoreThanRandomRows()
    {
        double ordered = Cover(Reductions.Parse("order+prefix:8").Reduce(ReductionSamples.Source(Page)));

        for (int seed = 0; seed < 20; seed++)
        {
            Assert.True(ordered > Cover(Reductions.Parse($"random:8,seed={seed}").Reduce(ReductionSamples.Source(Page))));
        }
    }

    [Fact]
    public void Order_SimilaritiesNotStored_GivesTheSameOrder()
    {
        int[] stored = new OrderReducer("order", ImportanceKind.Uniform).Reduce(ReductionSamples.Source(Page)).Owners;
        int[] computed = new OrderReducer("order", ImportanceKind.Uniform, maxStoredRowCount: 63)
            .Reduce(ReductionSamples.Source(Page)).Owners;

        Assert.Equal(stored, computed);
    }

    [Fact]
    public void Chain_OwnersAndPlaces_GoThroughAllStages()
    {
        MultiVector page = ReductionSamples.Page(seed: 13, 8, 8, 16);

        MultiVector once = Reductions.Parse("average:2").Reduce(page);
        MultiVector twice = Reductions.Parse("average:2+average:2").Reduce(page);

        Assert.Equal(16, once.RowCount);
        Assert.Equal(4, twice.RowCount);
        for (int row = 0; row < 4; row++)
        {
            Assert.Equal(16, twice.PlacesOf(row).Length);
            Assert.Equal(0.5f, twice.Places[row].Right - twice.Places[row].Left);
            Assert.All(twice.PlacesOf(row).ToArray(), place => Assert.InRange(place.Top, twice.Places[row].Top, twice.Places[row].Bottom));
        }
    }

    [Fact]
    public void Reduce_PlacesOfAMergedRow_AreNearestFirst()
    {
        MultiVector page = ReductionSamples.Page(seed: 13, 8, 8, 16);

        MultiVector reduced = Reductions.Parse("ward:8").Reduce(page);

        for (int row = 0; row < reduced.RowCount; row++)
        {
            double[] similarities = [.. reduced.PlacesOf(row).ToArray().Select(place =>
                ReductionSamples.Dot(page.Row(page.Places.IndexOf(place)), reduced.Row(row)))];
            Assert.Equal(similarities.OrderDescending(), similarities);
        }
    }

    private static double Cover(ReducedRows reduced) => Enumerable.Range(0, 64).Sum(j =>
        Enumerable.Range(0, reduced.RowCount).Max(i => ReductionSamples.Dot(Row(reduced, i), Page.Row(j))));

    // Each merged row is the weighted mean of its rows, at unit length.
    private static void AssertMeans(ReducedRows reduced, Func<int, double> weight)
    {
        for (int row = 0; row < reduced.RowCount; row++)
        {
            double[] sum = new double[16];
            for (int i = 0; i < 64; i++)
            {
                for (int k = 0; k < 16 && reduced.Owners[i] == row; k++)
                {
                    sum[k] += weight(i) * Page.Row(i)[k];
                }
            }

            double length = Math.Sqrt(sum.Sum(value => value * value));
            for (int k = 0; k < 16; k++)
            {
                Assert.Equal(sum[k] / length, Row(reduced, row)[k], 1e-6); // one rounding, and weights of float32
            }
        }
    }

    private static ReadOnlySpan<float> Row(ReducedRows rows, int index) => rows.Values.AsSpan(index * rows.Dimension, rows.Dimension);
}
