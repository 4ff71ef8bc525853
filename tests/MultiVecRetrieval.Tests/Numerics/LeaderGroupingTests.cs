using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Numerics;

/// <summary>Groups of points on a line, where the distance is plain.</summary>
public sealed class LeaderGroupingTests
{
    [Fact]
    public void Group_Chain_IsCutWhereItLeavesTheLeader()
    {
        IReadOnlyList<SimilarGroup> groups = Group([0, 0.8, 1.6, 2.4, 3.2]);

        // 0.8 is near 0; 1.6 is near 0.8 only, and leads 2.4; 3.2 is near 2.4 only.
        Assert.Equal([(0, "1"), (2, "3")], groups.Select(group => (group.Leader, Members(group))));
    }

    [Fact]
    public void Group_TwoCutsOfOne_StayTogetherThoughTheyAreUnlike()
    {
        SimilarGroup group = Assert.Single(Group([0, 0.9, -0.9]));

        Assert.Equal((0, "1 2"), (group.Leader, Members(group)));
        Assert.All(group.Members, member => Assert.Equal(-0.9, member.Similarity, 9));
    }

    [Fact]
    public void Group_NearTwoLeaders_GoesToTheNearest()
    {
        IReadOnlyList<SimilarGroup> groups = Group([0, 1.5, 0.9, 1.4]);

        Assert.Equal([(1, "3 2")], groups.Select(group => (group.Leader, Members(group))));
    }

    [Fact]
    public void Group_RandomPoints_AreAsTheDefinitionSays()
    {
        Random random = new(3);
        double[] points = [.. Enumerable.Range(0, 500).Select(_ => 200 * random.NextDouble())];

        IReadOnlyList<SimilarGroup> groups = Group(points);

        int?[] leaders = new int?[points.Length];
        foreach (int item in Enumerable.Range(0, points.Length))
        {
            int[] near =
                [.. Enumerable.Range(0, item).Where(other => leaders[other] == other && Math.Abs(points[other] - points[item]) <= 1)];
            leaders[item] = near.Length == 0 ? item : near.MinBy(other => Math.Abs(points[other] - points[item]));
        }

        Assert.Equal(
            Enumerable.Range(0, points.Length).Where(item => leaders[item] != item).GroupBy(item => leaders[item]!.Value)
                .OrderBy(group => group.Key).Select(group => (group.Key, string.Join(' ', group.Order()))),
            groups.Select(group => (group.Leader, string.Join(' ', group.Members.Select(member => member.Item).Order()))));
    }

    [Fact]
    public void Group_Cancelled_Stops()
    {
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => LeaderGrouping.Group(
            3, _ => [], (_, _) => 0, 0, cancellationToken: source.Token));
    }

    private static IReadOnlyList<SimilarGroup> Group(double[] points) => LeaderGrouping.Group(
        points.Length, item => [.. Enumerable.Range(item + 1, points.Length - item - 1)],
        (a, b) => -Math.Abs(points[a] - points[b]), threshold: -1, cancellationToken: TestContext.Current.CancellationToken);

    private static string Members(SimilarGroup group) => string.Join(' ', group.Members.Select(member => member.Item));
}
