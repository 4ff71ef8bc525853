using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Ann;

/// <summary>What a graph does whose records are damaged: nothing worse than an error.</summary>
internal static class DamagedGraphs
{
    private const int FoundCount = 10;
    private const int ChangedCount = 50;

    /// <summary>Changes bytes of the second half, where records lie, round by round: a search throws, which it must at least once, or finds
    /// rows that there are.</summary>
    /// <param name="bytes">A graph of rows of length 8.</param>
    /// <param name="rowCount">Its rows.</param>
    /// <param name="roundCount">How often.</param>
    public static void Check(byte[] bytes, int rowCount, int roundCount)
    {
        Random random = new(Seed: 1);
        ScoredId[] found = new ScoredId[FoundCount];
        int thrownCount = 0;
        for (int round = 0; round < roundCount; round++)
        {
            byte[] changed = [.. bytes];
            for (int i = 0; i < ChangedCount; i++)
            {
                changed[random.Next(changed.Length / 2, changed.Length)] = (byte)random.Next(256);
            }

            using HnswGraph graph = HnswGraph.Open(changed);
            try
            {
                int count = graph.Search([1, 0, 0, 0, 0, 0, 0, 0], FoundCount, 50, [], found);
                Assert.All(found[..count], row => Assert.InRange(row.Id, 0, rowCount - 1));
            }
            catch (InvalidDataException)
            {
                thrownCount++;
            }
        }

        Assert.True(thrownCount > 0);
    }
}
