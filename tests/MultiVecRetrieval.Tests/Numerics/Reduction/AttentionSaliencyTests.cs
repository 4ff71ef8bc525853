using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Reduction;

public class AttentionSaliencyTests
{
    // 2 layers x 2 heads x 3 tokens x 3 tokens; weight = 100 layer + 10 head + 3 from + to, so that every weight differs.
    private static readonly AttentionShape Shape = new(2, 2, 3);

    private static readonly float[] Attention =
        [.. Enumerable.Range(0, 36).Select(i => (100f * (i / 18)) + (10 * (i / 9 % 2)) + (3 * (i / 3 % 3)) + (i % 3))];

    [Fact]
    public void FromClassToken_SumsLayersOfTheMeanOverHeads()
    {
        // Token 1: mean over heads 5 + 3 + to, and 105 + 3 + to.
        Assert.Equal([116, 118, 120], AttentionSaliency.FromClassToken(Attention, Shape, classToken: 1, ..));
        Assert.Equal([108, 109, 110], AttentionSaliency.FromClassToken(Attention, Shape, classToken: 1, ^1..));
    }

    [Fact]
    public void FromInDegree_AveragesTheOthersAndLeavesOutTheTokenItself()
    {
        // First layer, mean over heads 5 + 3 from + to; to 0 from 1 and 2: (8 + 11) / 2; to 1 from 0 and 2: (6 + 12) / 2; to 2: (7 + 10) /
        // 2.
        Assert.Equal([9.5f, 9, 8.5f], AttentionSaliency.FromInDegree(Attention, Shape, ..1));
    }

    [Fact]
    public void WrongShape_Throws()
    {
        Assert.Throws<ArgumentException>(() => AttentionSaliency.FromInDegree(Attention.AsSpan(1), Shape, ..));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionSaliency.FromClassToken(Attention, Shape, classToken: 3, ..));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionSaliency.FromInDegree(Attention, Shape, 1..4));
    }
}
