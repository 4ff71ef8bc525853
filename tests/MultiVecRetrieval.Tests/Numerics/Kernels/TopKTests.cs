using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class TopKTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(int.MaxValue)]
    public void ToSortedArray_ManyTies_EqualsSortingEverything(int capacity)
    {
        Random random = new(Seed: 3);
        ScoredId[] all = [.. Enumerable.Range(0, 500).Select(id => new ScoredId(id, random.Next(20)))];
        random.Shuffle(all);
        ScoredId[] expected = [.. all.OrderByDescending(x => x.Score).ThenBy(x => x.Id).Take(capacity)];
        TopK top = new(capacity);

        foreach (ScoredId candidate in all)
        {
            top.Add(candidate.Id, candidate.Score);
        }

        Assert.Equal(expected, top.ToSortedArray());
        Assert.Equal(expected.Length, top.Count);
    }

    [Fact]
    public void Merge_AnyDivision_KeepsWhatOneHeapKeeps()
    {
        Random random = new(Seed: 4);
        ScoredId[] all = [.. Enumerable.Range(0, 300).Select(id => new ScoredId(id, random.Next(9)))];
        TopK whole = new(capacity: 25);
        TopK[] parts = [new(25), new(25), new(25)];
        foreach (ScoredId candidate in all)
        {
            whole.Add(candidate);
            parts[random.Next(parts.Length)].Add(candidate);
        }

        TopK merged = new(capacity: 25);
        foreach (TopK part in parts)
        {
            merged.Merge(part);
        }

        Assert.Equal(whole.ToSortedArray(), merged.ToSortedArray());
    }

    [Fact]
    public void Threshold_WhenFull_IsTheWorstKeptScore()
    {
        TopK top = new(capacity: 2);
        Assert.Equal(double.NegativeInfinity, top.Threshold);

        top.Add(0, 5);
        top.Add(1, 7);

        Assert.Equal(5, top.Threshold);
        Assert.False(top.Add(2, 5)); // a tie with a higher id
        Assert.True(top.Add(3, 6));
        Assert.Equal([new ScoredId(1, 7), new ScoredId(3, 6)], top.ToSortedArray());
    }

    [Fact]
    public void Add_NaN_RanksBelowEverything()
    {
        TopK top = new(capacity: 2);
        top.Add(0, double.NaN);
        top.Add(1, double.NegativeInfinity);

        Assert.True(top.Add(2, -1));

        Assert.Equal([2, 1], top.ToSortedArray().Select(x => x.Id));
    }

    [Fact]
    public void Constructor_NegativeCapacity_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopK(-1));
    }
}
