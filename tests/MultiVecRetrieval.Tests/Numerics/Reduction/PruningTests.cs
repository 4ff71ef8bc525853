using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Reduction;

/// <summary>Which rows stay, against plain definitions.</summary>
public class PruningTests
{
    private static readonly MultiVector Page = ReductionSamples.Page(seed: 11, 8, 8, 16);

    [Fact]
    public void Saliency_Share_KeepsTheMostImportant()
    {
        float[] saliency = ReductionSamples.Saliency(seed: 1, 64);

        int[] kept = Keep("saliency:25%", saliency);

        Assert.Equal(Enumerable.Range(0, 64).OrderByDescending(i => saliency[i]).Take(16).Order(), kept);
    }

    [Fact]
    public void Saliency_Ties_KeepsTheFirst() => Assert.Equal([0, 1, 2, 3], Keep("saliency:max=4", new float[64]));

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Saliency_Mass_KeepsTheFewestThatHoldThatShare(double mass)
    {
        float[] saliency = ReductionSamples.Saliency(seed: 2, 64);
        double total = saliency.Sum(value => (double)value);

        int[] kept = Keep($"saliency:mass={mass}", saliency);

        Assert.True(kept.Sum(i => (double)saliency[i]) >= mass * total);
        Assert.True(kept.Sum(i => (double)saliency[i]) - kept.Min(i => saliency[i]) < mass * total);
        Assert.Equal(Enumerable.Range(0, 64).OrderByDescending(i => saliency[i]).Take(kept.Length).Order(), kept);
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(1.0)]
    public void Saliency_Deviations_KeepsThoseAboveTheMeanByThatMany(double deviations)
    {
        float[] saliency = ReductionSamples.Saliency(seed: 3, 64);
        double mean = saliency.Average();
        double deviation = Math.Sqrt(saliency.Average(value => Math.Pow(value - mean, 2)));

        Assert.Equal(
            Enumerable.Range(0, 64).Where(i => saliency[i] >= mean + (deviations * deviation)),
                Keep($"saliency:std={deviations}", saliency));
    }

    [Fact]
    public void Saliency_Rest_MergesEveryDroppedRowIntoMeans()
    {
        float[] saliency = ReductionSamples.Saliency(seed: 4, 64);

        ReducedRows reduced = Reductions.Parse("saliency:25%,rest=3").Reduce(ReductionSamples.Source(Page, saliency));

        Assert.Equal(19, reduced.RowCount);
        Assert.DoesNotContain(-1, reduced.Owners);
        Assert.All(Keep("saliency:25%", saliency), row => Assert.Single(reduced.Owners, owner => owner == reduced.Owners[row]));
        Assert.Equal(48, reduced.Owners.Count(owner => owner >= 16));
    }

    [Fact]
    public void ByDensity_KeepsRowsWhoseEightNearestAreFarthest() => AssertKeepsTop("density", i =>
        1 - Enumerable.Range(0, 64).Where(j => j != i).Select(j => Cosine(i, j)).OrderDescending().Take(8).Average());

    [Fact]
    public void ByDistance_KeepsRowsFarthestFromTheMean()
    {
        double[] mean = [.. Enumerable.Range(0, 16).Select(k => Enumerable.Range(0, 64).Sum(i => (double)Page.Row(i)[k]))];

        AssertKeepsTop("distance", i => -Enumerable.Range(0, 16).Sum(k => mean[k] * Page.Row(i)[k]));
    }

    [Fact]
    public void ByRarity_KeepsRowsWithFewAlike() =>
        AssertKeepsTop("rarity", i => -Enumerable.Range(0, 64).Count(j => Cosine(i, j) >= Importance.SameCosine));

    [Fact]
    public void Feather_AllSaliencyInOneCorner_StillCoversThePage()
    {
        float[] saliency = [.. Enumerable.Range(0, 64).Select(i => i % 8 < 4 && i / 8 < 4 ? 1f : 0f)];

        int[] kept = Keep("feather:12.5%", saliency); // 8 rows: a grid of 2 x 2 and the 4 first of the corner

        Assert.Equal(8, kept.Length);
        Assert.Equal(4, kept.Select(i => (i % 8 / 4, i / 8 / 4)).Distinct().Count());
        Assert.True(kept.Count(i => saliency[i] == 1) >= 5);
        Assert.All(Keep("saliency:12.5%", saliency), i => Assert.Equal(1, saliency[i])); // importance alone does not
    }

    [Fact]
    public void Feather_NoPlaces_SpreadsItsGridOverTheRows()
    {
        float[] saliency = [.. Enumerable.Range(0, 64).Select(i => 64f - i)];

        ReducedRows reduced = Reductions.Parse("feather:max=8").Reduce(new ReductionSource { Rows = Page.View, Saliency = saliency });

        Assert.Equal([0, 1, 2, 3, 4, 16, 32, 48], Enumerable.Range(0, 64).Where(i => reduced.Owners[i] >= 0));
    }

    [Fact]
    public void Duplicates_OfRowsWithinTheCosine_KeepsTheFirst()
    {
        ReducedRows reduced = Reductions.Parse("duplicates:0.8").Reduce(ReductionSamples.Source(Page));

        List<int> leaders = [];
        for (int i = 0; i < 64; i++)
        {
            int nearest = leaders.Count == 0 ? -1 : leaders.MaxBy(leader => Cosine(i, leader));
            bool isNew = nearest < 0 || Cosine(i, nearest) < 0.8;
            if (isNew)
            {
                leaders.Add(i);
            }

            Assert.Equal(isNew ? leaders.Count - 1 : leaders.IndexOf(nearest), reduced.Owners[i]);
        }

        Assert.InRange(leaders.Count, 2, 60);
        Assert.Equal(leaders.SelectMany(i => Page.Row(i).ToArray()), reduced.Values);
    }

    [Fact]
    public void Blank_ThirdOfThePageIsBackground_BecomesOneRow()
    {
        ReducedRows reduced = Reductions.Parse("blank:0.9").Reduce(ReductionSamples.Source(Page));

        int[] counts = [.. Enumerable.Range(0, 64).Select(i => Enumerable.Range(0, 64).Count(j => Cosine(i, j) >= 0.9))];
        int blank = Array.IndexOf(counts, counts.Max());
        int[] background = [.. Enumerable.Range(0, 64).Where(j => Cosine(blank, j) >= 0.9)];
        Assert.InRange(background.Length, 15, 30);
        Assert.Equal(64 - background.Length + 1, reduced.RowCount);
        Assert.Single(background.Select(i => reduced.Owners[i]).Distinct());
        Assert.Equal(Page.Row(blank), reduced.Values.AsSpan(reduced.Owners[blank] * 16, 16));
    }

    [Fact]
    public void Blank_MostRepeatedRowComesLater_StaysInPlaceOfTheFirst()
    {
        // Directions of 90, 10, 20, 30 degrees: only that of 20 is within 12 degrees of two others.
        MultiVector rows = new(2, [.. new[] { 90, 10, 20, 30 }.SelectMany(
            angle => new[] { MathF.Cos(angle * MathF.PI / 180), MathF.Sin(angle * MathF.PI / 180) })]);

        ReducedRows reduced = Reductions.Parse("blank:0.978").Reduce(ReductionSamples.Source(rows));

        Assert.Equal([0, 1, 1, 1], reduced.Owners);
        Assert.Equal([.. rows.Row(0), .. rows.Row(2)], reduced.Values);
    }

    [Fact]
    public void Blank_LessThanTheShare_ChangesNothing() =>
        Assert.Equal(64, Reductions.Parse("blank:0.9,share=0.9").Reduce(ReductionSamples.Source(Page)).RowCount);

    [Fact]
    public void Prefix_KeepsTheFirst() => Assert.Equal([0, 1, 2], Keep("prefix:3", null));

    private static void AssertKeepsTop(string importance, Func<int, double> definition)
    {
        int[] expected = [.. Enumerable.Range(0, 64).OrderByDescending(definition).Take(16).Order()];

        Assert.Equal(expected, Keep($"saliency:25%,by={importance}", null));
    }

    private static int[] Keep(string spec, float[]? saliency)
    {
        int[] owners = Reductions.Parse(spec).Reduce(ReductionSamples.Source(Page, saliency)).Owners;
        return [.. Enumerable.Range(0, owners.Length).Where(i => owners[i] >= 0)];
    }

    private static double Cosine(int i, int j) => ReductionSamples.Dot(Page.Row(i), Page.Row(j));
}
