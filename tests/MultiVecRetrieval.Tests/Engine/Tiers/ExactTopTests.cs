using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

public class ExactTopTests
{
    // Entry 4 is the best; 2, 7 and 9 are equal, and two of them among the best three.
    private static readonly ExactTop Top = new(
        [new ScoredId(4, 3), new ScoredId(2, 1), new ScoredId(7, 1)],
        [new ScoredId(2, 1), new ScoredId(4, 3), new ScoredId(7, 1), new ScoredId(9, 1), new ScoredId(5, 0)]);

    [Fact]
    public void Rank_ByCodes_GivesEqualEntriesTheBestRanksOfThem()
    {
        Dictionary<int, int> ranks = new() { [4] = 6, [2] = 8, [7] = 30, [9] = 1 };

        Assert.Equal([6, 1, 8], Top.Rank(entry => ranks[entry]));
    }

    [Fact]
    public void Rank_ByAnIndex_CountsAsManyOfTheEqualOnesAsItFinds()
    {
        int[][] found = [[9, 5], [9, 5, 4], [9, 5, 7, 4, 2]];

        Assert.Equal([2, 1, 4], Top.Rank([2, 3, 5], budget => found[budget == 5 ? 2 : budget - 2]));
        Assert.Equal([2, 1, int.MaxValue], Top.Rank([2, 3], budget => found[budget - 2]));
    }
}
