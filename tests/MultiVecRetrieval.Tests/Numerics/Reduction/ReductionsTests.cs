using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Reduction;

/// <summary>What holds for every reduction, and how specs are read.</summary>
public class ReductionsTests
{
    public static TheoryData<string> Specs => [.. new[]
    {
        "none", "random:25%", "random:4,seed=9", "grid:2", "average:2", "average:3", "ward:3", "ward:25%", "ward:max=5",
            "ward:distance=0.6",
        "colpali:3", "colpali:4,max=7", "colpali:distance=2", "ward:2+average:2", "average:2+ward:2",
        "merge:0.8", "merge:-1", "duplicates", "duplicates:0.7", "blank", "blank:0.8,share=0.2", "saliency:40%", "saliency:mass=0.6",
        "saliency:std=0.5", "saliency:20%,rest=4", "saliency:mass=0.3,by=rarity,rest=1000", "saliency:25%,by=density",
            "saliency:25%,by=distance",
        "saliency:25%,by=rarity", "feather:30%", "feather:3,by=density", "agc:4", "agc:max=9,by=distance", "order", "order:by=attention",
        "order+prefix:16", "prefix:10", "blank+ward:3", "blank+merge:0.9+order+prefix:20",
    }];

    [Theory]
    [MemberData(nameof(Specs))]
    public void Reduce_APage_GivesUnitRowsThatEachStandForSome(string spec)
    {
        MultiVector page = ReductionSamples.Page(seed: 3, 9, 11, 24);
        float[] saliency = ReductionSamples.Saliency(seed: 4, page.RowCount);

        ReducedRows reduced = Reductions.Parse(spec).Reduce(ReductionSamples.Source(page, saliency));

        Assert.Equal(page.RowCount, reduced.Owners.Length);
        Assert.Equal(Enumerable.Range(0, reduced.RowCount), reduced.Owners.Where(owner => owner >= 0).Distinct().Order());
        for (int row = 0; row < reduced.RowCount; row++)
        {
            ReadOnlySpan<float> values = reduced.Values.AsSpan(row * reduced.Dimension, reduced.Dimension);
            Assert.Equal(1, ReductionSamples.Dot(values, values), 1e-6); // d roundings of 2⁻²⁴
            int[] members = [.. Enumerable.Range(0, page.RowCount).Where(i => reduced.Owners[i] == row)];
            if (members.Length == 1)
            {
                Assert.Equal(page.Row(members[0]), values);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Reduce_Twice_GivesTheSameBits(string spec)
    {
        MultiVector page = ReductionSamples.Page(seed: 3, 9, 11, 24);
        float[] saliency = ReductionSamples.Saliency(seed: 4, page.RowCount);
        RowReducer reducer = Reductions.Parse(spec);

        ReducedRows[] results = new ReducedRows[8];
        Parallel.For(0, results.Length, i => results[i] = reducer.Reduce(ReductionSamples.Source(page, saliency)));

        Assert.All(results, result => Assert.Equal(results[0].Owners, result.Owners));
        Assert.All(results, result => Assert.Equal(results[0].Values, result.Values));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Reduce_FewRows_KeepsAtLeastOne(string spec)
    {
        RowReducer reducer = Reductions.Parse(spec);
        for (int rowCount = 0; rowCount < 6; rowCount++)
        {
            MultiVector page = ReductionSamples.Page(seed: 8, 1, rowCount, 5);

            ReducedRows reduced = reducer.Reduce(ReductionSamples.Source(page, ReductionSamples.Saliency(seed: 1, rowCount)));

            Assert.InRange(reduced.RowCount, Math.Min(1, rowCount), rowCount);
            Assert.Equal(rowCount, reduced.Owners.Length);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("random:100%")]
    [InlineData("random:1")]
    [InlineData("grid:1")]
    [InlineData("average:1")]
    [InlineData("ward:1")]
    [InlineData("colpali:100%")]
    [InlineData("ward:1+average:1")]
    [InlineData("merge:1")] // no two rows are the same
    [InlineData("duplicates:1")]
    [InlineData("blank:1,share=0.5")]
    [InlineData("saliency:100%,by=density")]
    [InlineData("saliency:mass=1,by=rarity")]
    [InlineData("saliency:std=-100,by=distance")]
    [InlineData("feather:1,by=density")]
    [InlineData("agc:1,by=density")]
    [InlineData("prefix:1000")]
    public void Reduce_ByNothing_ChangesNothing(string spec)
    {
        MultiVector page = ReductionSamples.Page(seed: 3, 6, 7, 24);

        ReducedRows reduced = Reductions.Parse(spec).Reduce(ReductionSamples.Source(page));

        Assert.Equal(Enumerable.Range(0, page.RowCount), reduced.Owners);
        Assert.Equal(page.Values, reduced.Values);
    }

    [Theory]
    [InlineData("ward:3", 33)]
    [InlineData("ward:7", 14)] // 99 / 7 rounded down
    [InlineData("ward:30%", 30)] // 29.7 rounded up
    [InlineData("ward:3,max=20", 20)]
    [InlineData("ward:max=64", 64)]
    [InlineData("ward:1000", 1)]
    [InlineData("colpali:2.5", 39)]
    [InlineData("random:10%", 10)]
    [InlineData("random:4", 24)]
    [InlineData("average:2", 30)] // 9 x 11 in blocks of 2 x 2: 5 x 6
    [InlineData("grid:3", 12)]
    [InlineData("ward:3+ward:3", 11)]
    [InlineData("saliency:40%,by=density", 40)]
    [InlineData("saliency:40%,by=rarity,rest=5", 45)]
    [InlineData("saliency:std=-100,by=density,max=7", 7)]
    [InlineData("saliency:mass=0,by=density", 1)]
    [InlineData("feather:25%,by=distance", 25)]
    [InlineData("feather:max=1,by=distance", 1)]
    [InlineData("agc:25%,by=distance", 25)]
    [InlineData("order", 99)]
    [InlineData("order+prefix:16", 16)]
    [InlineData("merge:-1", 1)]
    [InlineData("duplicates:-1", 1)]
    [InlineData("blank:-1", 1)]
    public void Reduce_ToABudget_LeavesThatManyRows(string spec, int expected)
    {
        MultiVector page = ReductionSamples.Page(seed: 3, 9, 11, 24);

        Assert.Equal(expected, Reductions.Parse(spec).Reduce(ReductionSamples.Source(page)).RowCount);
    }

    [Theory]
    [InlineData("", "there is no ''")]
    [InlineData("wards:3", "ward:BUDGET")]
    [InlineData("ward", "lacks its argument")]
    [InlineData("ward:0", "from 1 to")]
    [InlineData("ward:0%", "above 0 %")]
    [InlineData("ward:101%", "from 0 to 100")]
    [InlineData("ward:NaN", "no number")]
    [InlineData("ward:1e2", "no number")]
    [InlineData("ward:3,", "out of place")]
    [InlineData("ward:3,max=0", "from 1 to")]
    [InlineData("ward:3,max=1.5", "whole number")]
    [InlineData("ward:3,max=4,max=5", "out of place")]
    [InlineData("ward:3,by=density", "has no 'by'")]
    [InlineData("grid:1.5", "whole number")]
    [InlineData("grid:2000", "at most 1024")]
    [InlineData("none:3", "has no '3'")]
    [InlineData("merge:1.5", "from -1 to 1")]
    [InlineData("saliency", "lacks its argument")]
    [InlineData("saliency:40%,mass=0.5", "exclude each other")]
    [InlineData("saliency:mass=0.5,std=1", "has no 'std'")]
    [InlineData("saliency:40%,by=ink", "one of attention, density")]
    [InlineData("order:by=ink", "one of uniform, attention")]
    [InlineData("prefix:0", "from 1 to")]
    [InlineData("ward:3+", "there is no ''")]
    [InlineData("ward:3+x", "there is no 'x'")]
    public void Parse_WrongSpec_SaysWhatIsWrong(string spec, string expected)
    {
        SpecException exception = Assert.Throws<SpecException>(() => Reductions.Parse(spec));

        Assert.Equal(spec, exception.Spec);
        Assert.Contains(expected, exception.Message);
    }

    [Fact]
    public void Parse_UnknownName_ListsTheNamesOfAllAndTheUsageOfNone()
    {
        SpecException exception = Assert.Throws<SpecException>(() => Reductions.Parse("unknown:3"));

        Assert.All(Reductions.Families, family => Assert.Contains(family.Name, exception.Message));
        Assert.DoesNotContain("BUDGET", exception.Message);
        Assert.DoesNotContain("but there is", exception.Message);
    }

    [Theory]
    [InlineData("wrad:3", "but there is 'ward', written ward:BUDGET or ward:distance=T.")]
    [InlineData("blank+Average:3", "but there is 'average', written average:F.")]
    [InlineData("duplicate", "but there is 'duplicates', written duplicates[:COSINE].")]
    public void Parse_NameWithASlip_SaysWhichOneIsNear(string spec, string expected)
    {
        SpecException exception = Assert.Throws<SpecException>(() => Reductions.Parse(spec));

        Assert.Contains(expected, exception.Message);
    }

    [Theory]
    [InlineData("saliency:40%", true)]
    [InlineData("feather:40%", true)]
    [InlineData("agc:4", true)]
    [InlineData("order:by=attention", true)]
    [InlineData("blank+saliency:40%", true)]
    [InlineData("order", false)]
    [InlineData("saliency:40%,by=density", false)]
    public void Reduce_WithoutSaliency_ThrowsWhereItIsNeeded(string spec, bool needsIt)
    {
        MultiVector page = ReductionSamples.Page(seed: 3, 4, 4, 8);
        RowReducer reducer = Reductions.Parse(spec);

        Exception? exception = Record.Exception(() => reducer.Reduce(ReductionSamples.Source(page)));

        Assert.Equal(needsIt, reducer.NeedsSaliency);
        Assert.Equal(needsIt, exception is ArgumentException);
    }

    [Fact]
    public void Reduce_PlacesOrSaliencyOfOtherRows_Throws()
    {
        MultiVector page = ReductionSamples.Page(seed: 3, 2, 3, 4);
        RowReducer reducer = Reductions.Parse("ward:2");

        Assert.Throws<ArgumentException>(() => reducer.Reduce(new ReductionSource { Rows = page.View, Places = page.Places[1..] }));
        Assert.Throws<ArgumentException>(() => reducer.Reduce(new ReductionSource { Rows = page.View, Saliency = [1, 2] }));
        Assert.Throws<ArgumentException>(
            () => reducer.Reduce(new ReductionSource { Rows = page.View, Saliency = [1, 2, 3, 4, 5, float.NaN] }));
    }
}
