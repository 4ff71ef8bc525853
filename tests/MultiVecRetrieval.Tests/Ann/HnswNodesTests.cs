using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Ann;

/// <summary>Graphs whose nodes keep bits: the same demands as of int8 nodes, and scores that are those of the definition.</summary>
public sealed class HnswNodesTests
{
    private const int K = 10;
    private static readonly RandomRows Rows = new(count: 4000, dimension: 96, seed: 1);
    private static readonly RandomRows Queries = new(count: 60, dimension: 96, seed: 1, part: 1);

    // Queries of another modality: around another mean.
    private static readonly float[] Sample = [.. Enumerable.Range(0, 20).SelectMany(i => Shift(Queries[i].ToArray()))];
    private static readonly Dictionary<HnswNodes,
        byte[]> Graphs = All.ToDictionary(nodes => nodes, nodes => Rows.Build(new HnswOptions { Nodes = nodes, Queries = Sample }));

    public static TheoryData<HnswNodes> Forms => [.. All];

    private static HnswNodes[] All => [HnswNodes.OnePlane, HnswNodes.TwoPlanes, HnswNodes.Signs];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Search_AnyNodes_FindsWhatBruteForceOverTheSameCodesFinds(HnswNodes nodes)
    {
        using HnswGraph graph = HnswGraph.Open(Graphs[nodes]);
        NodeOracle oracle = new(Rows, Sample, nodes);
        double sum = 0;
        for (int i = 0; i < Queries.Count; i++)
        {
            double[] scores = oracle.Score(i % 2 == 0 ? Queries[i].ToArray() : Shift(Queries[i].ToArray()));
            double tenth = scores.OrderDescending().ElementAt(K - 1);
            ScoredId[] found = new ScoredId[K];

            int count = graph.Search(i % 2 == 0 ? Queries[i] : Shift(Queries[i].ToArray()), K, 100, [], found);

            // Float32 sums of 128 terms against float64 ones. Equal distances tie: whoever is as near as the tenth counts.
            Assert.All(found[..count], row => Assert.Equal(scores[row.Id], row.Score, 1e-4));
            sum += found[..count].Count(row => row.Score >= tenth - 1e-4) / (double)K;
        }

        // The walk is as good as that over int8 codes, which finds .98 and more at ef = 100 of 4,000; links that were chosen by finer
        // distances lose a little where the coarse scores disagree.
        Assert.True(sum / Queries.Count >= (nodes == HnswNodes.Signs ? 0.93 : 0.97), $"recall {sum / Queries.Count}");
    }

    [Fact]
    public void Search_MoreBits_FindMoreOfTheBest()
    {
        double signs = GetRecall(HnswNodes.Signs);
        double one = GetRecall(HnswNodes.OnePlane);
        double two = GetRecall(HnswNodes.TwoPlanes);

        // Of the best ten by exact scores, among the first 40. Query bits, then a second plane, each take away most of the error that is
        // left.
        Assert.True(signs + 0.02 < one && one + 0.02 < two && two > 0.9, $"{signs} {one} {two}");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Search_AllRows_EveryNodeIsReached(HnswNodes nodes)
    {
        using HnswGraph graph = HnswGraph.Open(Graphs[nodes]);
        ScoredId[] found = new ScoredId[Rows.Count];

        int count = graph.Search(Queries[0], Rows.Count, Rows.Count, [], found);

        Assert.Equal(Rows.Count, count);
        Assert.Equal(Enumerable.Range(0, Rows.Count), found.Select(row => row.Id).Order());
        Assert.Equal(found.Order(), found);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Search_AnyFilter_FindsWhatAScanOfTheSameCodesFinds(HnswNodes nodes)
    {
        using HnswGraph graph = HnswGraph.Open(Graphs[nodes]);
        NodeOracle oracle = new(Rows, Sample, nodes);
        foreach (int divisor in new[] { 2, 10, 100, 4000 })
        {
            ulong[] wanted = Bitmap(Rows.Count, row => row % divisor == 1);
            double sum = 0;
            for (int i = 0; i < 20; i++)
            {
                double[] scores = oracle.Score(Queries[i].ToArray());
                double[] best = [.. scores.Where((_, row) => row % divisor == 1).OrderDescending().Take(K)];
                ScoredId[] found = new ScoredId[K];

                int count = graph.Search(Queries[i], K, 100, wanted, found);

                Assert.All(found[..count], row => Assert.Equal(1, row.Id % divisor));
                sum += found[..count].Count(row => row.Score >= best[^1] - 1e-4) / (double)best.Length;
            }

            Assert.True(sum / 20 >= 0.97, $"recall {sum / 20} of one in {divisor}");
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Search_AnyDeletes_ReachEveryRowLeft(HnswNodes nodes)
    {
        using HnswGraph graph = HnswGraph.Open(Graphs[nodes]);
        Random random = new(Seed: 5);
        bool[] isDead = [.. Enumerable.Range(0, Rows.Count).Select(_ => random.Next(3) > 0)];
        ScoredId[] found = new ScoredId[Rows.Count];

        int count = graph.Search(Queries[0], Rows.Count, Rows.Count, Bitmap(Rows.Count, row => !isDead[row]), found);

        Assert.Equal(Enumerable.Range(0, Rows.Count).Where(row => !isDead[row]), found[..count].Select(row => row.Id).Order());
    }

    [Fact]
    public void Build_RowsWithEqualSigns_ShareANode()
    {
        // Two values have 4 pairs of signs; rotated into 64 places there are more, but far fewer than rows.
        RandomRows rows = new(count: 3000, dimension: 2, seed: 3);
        HashSet<string> distinct = [.. new NodeOracle(rows, [], HnswNodes.Signs).Codes.Select(code => string.Concat(code))];

        using HnswGraph graph = HnswGraph.Open(rows.Build(new HnswOptions { Nodes = HnswNodes.Signs }));
        ScoredId[] found = new ScoredId[rows.Count];

        Assert.InRange(distinct.Count, 2, 300);
        Assert.Equal(distinct.Count, graph.NodeCount);
        Assert.Equal(rows.Count, graph.Search([1, 0], rows.Count, rows.Count, [], found));
        Assert.Equal(Enumerable.Range(0, rows.Count), found.Select(row => row.Id).Order());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Build_EqualRows_ShareANodeAndHideNothing(HnswNodes nodes)
    {
        const int CopyCount = 600;
        RandomRows rows = new(count: 2000, dimension: 96, seed: 9);
        for (int row = 1; row < CopyCount; row++)
        {
            rows[0].CopyTo(rows[3 * row]);
        }

        using HnswGraph graph = HnswGraph.Open(rows.Build(new HnswOptions { Nodes = nodes }));
        ScoredId[] found = new ScoredId[CopyCount];
        int count = graph.Search(rows[0], CopyCount, CopyCount, [], found);

        Assert.Equal(rows.Count - CopyCount + 1, graph.NodeCount);
        Assert.Equal(Enumerable.Range(0, CopyCount).Select(row => 3 * row), found[..count].Select(row => row.Id));
        double recall = 0;
        for (int row = 1; row < 300; row += 3)
        {
            recall += graph.Search(rows[row], 1, 40, [], found) == 1 && found[0].Id == row ? 0.01 : 0;
        }

        Assert.True(recall >= 0.97, $"recall {recall}");
    }

    [Fact]
    public void Build_AnyRowsAndThreads_GivesTheSameBytesAndReachesEveryRow()
    {
        Gen<(int Count, int Dimension, int M, int Seed, HnswNodes Nodes)> cases =
            from count in Gen.Choose(0, 120)
            from dimension in Gen.Choose(1, 130)
            from m in Gen.Choose(2, 8)
            from seed in Gen.Choose(1, 1000)
            from nodes in Gen.Elements(All)
            select (count, dimension, m, seed, nodes);
        Prop.ForAll(cases.ToArbitrary(), test =>
        {
            RandomRows rows = new(test.Count, test.Dimension, test.Seed);
            HnswOptions options = new() { M = test.M, EfConstruction = 2 * test.M, Seed = test.Seed, Nodes = test.Nodes };
            byte[] bytes = rows.Build(options);
            using HnswGraph graph = HnswGraph.Open(bytes);
            ScoredId[] found = new ScoredId[test.Count + 1];
            float[] query = [.. Enumerable.Range(0, test.Dimension).Select(i => (float)Math.Sin(i + test.Seed))];
            int count = graph.Search(query, test.Count + 1, test.Count + 1, [], found);
            return bytes.AsSpan().SequenceEqual(rows.Build(options with { Threads = 3 }))
                && found[..count].Select(row => row.Id).Order().SequenceEqual(Enumerable.Range(0, test.Count));
        }).Check(Config.QuickThrowOnFailure.WithReplay(7, 9).WithMaxTest(60));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Search_AgainAndAgain_AllocatesNothing(HnswNodes nodes)
    {
        using HnswGraph graph = HnswGraph.Open(Graphs[nodes]);
        ulong[] half = Bitmap(Rows.Count, row => row % 2 == 0);
        ulong[] few = Bitmap(Rows.Count, row => row % 500 == 0);
        ScoredId[] found = new ScoredId[K];

        Assert.Equal(0, Allocations.CountFewest(() =>
        {
            for (int i = 0; i < Queries.Count; i++)
            {
                graph.Search(Queries[i], K, 100, [], found);
                graph.Search(Queries[i], K, 20, half, found);
                graph.Search(Queries[i], K, 100, few, found);
            }
        }));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Open_CutOrChangedBytes_AreRefused(HnswNodes nodes)
    {
        RandomRows rows = new(count: 40, dimension: 8, seed: 6);
        byte[] bytes = rows.Build(new HnswOptions { M = 4, EfConstruction = 8, Nodes = nodes });
        int nodeCount = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(20));
        int tablesEnd = 128 + (8 * 4) + (2 * 64 * 4) + ((nodeCount + 1) * 4) + (40 * 4 * 2);

        for (int length = 0; length < bytes.Length; length += length < 200 ? 1 : 97)
        {
            Assert.Throws<InvalidDataException>(() => HnswGraph.Open(bytes.AsMemory(0, length)));
        }

        for (int i = 0; i < tablesEnd; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => HnswGraph.Open(changed));
        }
    }

    [Theory]
    [InlineData(4, 3)] // a later format
    [InlineData(4, 1)] // format 1 has int8 nodes only
    [InlineData(56, 4)] // nodes that there are not
    [InlineData(56, 0)] // format 2 has none of int8
    [InlineData(56, -1)]
    public void Open_HeaderThatIsNotKnown_IsRefused(int offset, int value)
    {
        byte[] bytes = new RandomRows(count: 40, dimension: 8, seed: 6).Build(new HnswOptions { Nodes = HnswNodes.OnePlane });
        using (HnswGraph graph = HnswGraph.Open(bytes))
        {
            Assert.Equal(HnswNodes.OnePlane, graph.NodeForm);
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(124), Crc32C.Compute(bytes.AsSpan(0, 124)));

        Assert.Throws<InvalidDataException>(() => HnswGraph.Open(bytes));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Search_DamagedRecords_ThrowsOrFindsRowsOfTheGraph(HnswNodes nodes)
    {
        RandomRows rows = new(count: 200, dimension: 8, seed: 6);
        byte[] bytes = rows.Build(new HnswOptions { M = 4, EfConstruction = 8, Nodes = nodes });
        DamagedGraphs.Check(bytes, rowCount: 200, roundCount: 200);
    }

    private static double GetRecall(HnswNodes nodes)
    {
        using HnswGraph graph = HnswGraph.Open(Graphs[nodes]);
        return GetRecall(graph);
    }

    private static double GetRecall(HnswGraph graph)
    {
        double sum = 0;
        ScoredId[] found = new ScoredId[4 * K];
        for (int i = 0; i < Queries.Count; i++)
        {
            int count = graph.Search(Queries[i], found.Length, 100, [], found);
            sum += found[..count].Select(row => row.Id).Intersect(Rows.FindExactly(Queries[i], K, _ => true)).Count() / (double)K;
        }

        return sum / Queries.Count;
    }

    private static float[] Shift(float[] query) => [.. query.Select((value, i) => value - 0.3f + (i % 3 * 0.2f))];

    private static ulong[] Bitmap(int count, Func<int, bool> isWanted)
    {
        ulong[] bits = new ulong[(count + 63) / 64];
        foreach (int row in Enumerable.Range(0, count).Where(isWanted))
        {
            bits[row / 64] |= 1UL << (row % 64);
        }

        return bits;
    }
}
