using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Reduction;

public class ControlReducersTests
{
    [Theory]
    [InlineData(4, 6, 2)]
    [InlineData(5, 7, 3)] // blocks at the edges are smaller
    public void Average_PatchesOfAGrid_MergesNeighboursInBothDirections(int lines, int columns, int factor)
    {
        MultiVector page = ReductionSamples.Page(seed: 2, lines, columns, 8);
        int blockColumns = (columns + factor - 1) / factor;

        ReducedRows reduced = Reductions.Parse($"average:{factor}").Reduce(ReductionSamples.Source(page));

        for (int i = 0; i < page.RowCount; i++)
        {
            Assert.Equal((i / columns / factor * blockColumns) + (i % columns / factor), reduced.Owners[i]);
        }
    }

    [Fact]
    public void Average_AGridInAnyOrder_FindsTheSameNeighbours()
    {
        MultiVector page = ReductionSamples.Page(seed: 2, 6, 6, 8);
        int[] order = [.. Enumerable.Range(0, page.RowCount)];
        new Random(1).Shuffle(order);
        float[] values = [.. order.SelectMany(i => page.Row(i).ToArray())];
        Place[] places = page.Places.ToArray();
        MultiVector shuffled = new(page.Dimension, values, [.. order.Select(i => places[i])]);

        int[] expected = Reductions.Parse("average:2").Reduce(ReductionSamples.Source(page)).Owners;
        int[] actual = Reductions.Parse("average:2").Reduce(ReductionSamples.Source(shuffled)).Owners;

        for (int i = 0; i < order.Length; i++)
        {
            for (int j = 0; j < order.Length; j++)
            {
                Assert.Equal(expected[order[i]] == expected[order[j]], actual[i] == actual[j]);
            }
        }
    }

    [Fact]
    public void Average_WithoutPlaces_MergesConsecutiveRowsToTheirMean()
    {
        MultiVector page = new(2, [1, 0, 0, 1, 0.6f, 0.8f]);

        ReducedRows reduced = Reductions.Parse("average:2").Reduce(ReductionSamples.Source(page));

        Assert.Equal([0, 0, 1], reduced.Owners);
        Assert.Equal([MathF.Sqrt(0.5f), MathF.Sqrt(0.5f), 0.6f, 0.8f], reduced.Values);
    }

    [Fact]
    public void Average_OppositeRows_KeepsTheFirst()
    {
        MultiVector page = new(2, [1, 0, -1, 0]);

        Assert.Equal([1, 0], Reductions.Parse("average:2").Reduce(ReductionSamples.Source(page)).Values);
    }

    [Fact]
    public void Average_AClassRowAndWordsOfTwoFrames_MixesNeitherWithOthers()
    {
        Random random = new(5);
        List<Place> places = [];
        for (int i = 0; i < 40; i++)
        {
            (float x, float y, int frame) = (random.NextSingle() * 0.9f, random.NextSingle() * 0.9f, i / 20);
            places.Add(i % 20 == 0 ? new Place(0, 0, 1, 1, frame, frame + 1) : new Place(x, y, x + 0.1f, y + 0.02f, frame, frame + 1));
        }

        MultiVector rows = ReductionSamples.Page(seed: 2, 1, 40, 8);
        int[] owners = Reductions.Parse("average:2").Reduce(new ReductionSource { Rows = rows.View, Places = places.ToArray() }).Owners;

        Assert.Equal(2 * (1 + 5), owners.Distinct().Count()); // 19 words a frame in groups of about 4
        Assert.All(new[] { 0, 20 }, row => Assert.Single(owners, owner => owner == owners[row]));
        Assert.Empty(owners[..20].Intersect(owners[20..]));
        Assert.All(owners.GroupBy(owner => owner), group => Assert.InRange(group.Count(), 1, 4));
    }

    [Fact]
    public void Grid_PatchesOfAGrid_KeepsOneOfEachBlock()
    {
        MultiVector page = ReductionSamples.Page(seed: 2, 9, 9, 8);

        int[] owners = Reductions.Parse("grid:3").Reduce(ReductionSamples.Source(page)).Owners;

        int[] kept = [.. Enumerable.Range(0, 81).Where(i => owners[i] >= 0)];
        Assert.Equal([10, 13, 16, 37, 40, 43, 64, 67, 70], kept); // the middles of 3 x 3 blocks
    }

    [Fact]
    public void Grid_WithoutPlaces_KeepsEveryFth()
    {
        MultiVector page = new(1, [1, -1, 1, -1, 1, -1, 1]);

        Assert.Equal([0, -1, -1, 1, -1, -1, 2], Reductions.Parse("grid:3").Reduce(ReductionSamples.Source(page)).Owners);
    }

    [Fact]
    public void Random_OtherPageOrSeed_DrawsOtherRows()
    {
        MultiVector page = ReductionSamples.Page(seed: 2, 9, 9, 8);
        MultiVector other = ReductionSamples.Page(seed: 3, 9, 9, 8);

        int[] owners = Reductions.Parse("random:50%").Reduce(ReductionSamples.Source(page)).Owners;

        Assert.NotEqual(owners, Reductions.Parse("random:50%").Reduce(ReductionSamples.Source(other)).Owners);
        Assert.NotEqual(owners, Reductions.Parse("random:50%,seed=2").Reduce(ReductionSamples.Source(page)).Owners);
    }

    [Fact]
    public void Random_ManyPages_DrawsEveryRowAboutEquallyOften()
    {
        int[] counts = new int[20];
        RowReducer reducer = Reductions.Parse("random:5");
        for (int seed = 0; seed < 1000; seed++)
        {
            int[] owners = reducer.Reduce(ReductionSamples.Source(ReductionSamples.Page(seed, 1, 20, 3))).Owners;
            for (int i = 0; i < owners.Length; i++)
            {
                counts[i] += owners[i] >= 0 ? 1 : 0;
            }
        }

        // Binomial, 1,000 draws of 1/5: a standard deviation of 12.6; five of them.
        Assert.All(counts, count => Assert.InRange(count, 200 - 63, 200 + 63));
    }
}
