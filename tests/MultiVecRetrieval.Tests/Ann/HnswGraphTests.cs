using System.Numerics.Tensors;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Ann;

public sealed class HnswGraphTests
{
    private const int K = 10;
    private static readonly RandomRows Rows = new(count: 4000, dimension: 48, seed: 1);
    private static readonly RandomRows Queries = new(count: 100, dimension: 48, seed: 1, part: 1);
    private static readonly byte[] Bytes = Rows.Build(new HnswOptions());

    [Fact]
    public void Search_RandomRows_FindsWhatBruteForceFinds()
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);

        double recall = GetRecall(graph, Rows, ef: 100, _ => true, []);

        // A correct graph finds all but a few at ef = 100 of 4,000; int8 scores may swap rows whose scores differ by less than
        // about 0.001. A graph without diverse links stays below 0.95 here, one without links back below 0.5.
        Assert.True(recall >= 0.98, $"recall {recall}");
    }

    [Theory]
    [InlineData(2)] // half of the rows: a walk
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(4000)] // one row
    public void Search_Filtered_LosesNoRecall(int divisor)
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);
        ulong[] wanted = Bitmap(Rows.Count, row => row % divisor == 1);

        double recall = GetRecall(graph, Rows, ef: 100, row => row % divisor == 1, wanted);

        // A scan loses only what int8 scores swap.
        Assert.True(recall >= 0.98, $"recall {recall}");
    }

    [Fact]
    public void Search_FilterFarFromTheQuery_LosesNoRecall()
    {
        // Only rows that score low are wanted, and too many to be scanned at once: the walk passes through better ones to get there.
        using HnswGraph graph = HnswGraph.Open(Bytes);
        double sum = 0;
        for (int i = 0; i < 20; i++)
        {
            float[] query = Queries[i].ToArray();
            HashSet<int> near = [.. Rows.FindExactly(query, 1000, _ => true)];
            int last = Rows.FindExactly(query, K, row => !near.Contains(row))[^1];
            ScoredId[] found = new ScoredId[K];

            int count = graph.Search(query, K, 50, Bitmap(Rows.Count, row => !near.Contains(row)), found);

            // Scores are dense there: rows count as found that int8 codes cannot tell from the tenth.
            Assert.DoesNotContain(found[..count], x => near.Contains(x.Id));
            float threshold = TensorPrimitives.Dot<float>(query, Rows[last]) - 0.005f;
            sum += found[..count].Count(x => TensorPrimitives.Dot<float>(query, Rows[x.Id]) >= threshold) / (double)K;
        }

        Assert.True(sum / 20 >= 0.98, $"recall {sum / 20}");
    }

    [Fact]
    public void Search_FilterThatNothingPasses_FindsNothing()
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);

        Assert.Equal(0, graph.Search(Queries[0], K, 100, new ulong[(Rows.Count + 63) / 64], new ScoredId[K]));
    }

    [Fact]
    public void Search_AnyDeletes_ReachEveryRowLeft()
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);
        Random random = new(Seed: 5);
        bool[] isDead = [.. Enumerable.Range(0, Rows.Count).Select(_ => random.Next(3) > 0)];
        ulong[] wanted = Bitmap(Rows.Count, row => !isDead[row]);
        ScoredId[] found = new ScoredId[Rows.Count];

        int count = graph.Search(Queries[0], Rows.Count, Rows.Count, wanted, found);

        Assert.Equal(
            Enumerable.Range(0, Rows.Count).Where(row => !isDead[row]),
            found[..count].Select(x => x.Id).Order());
    }

    [Fact]
    public void Search_AllRows_EveryNodeIsReached()
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);
        ScoredId[] found = new ScoredId[Rows.Count];

        int count = graph.Search(Queries[0], Rows.Count, Rows.Count, [], found);

        Assert.Equal(Rows.Count, count);
        Assert.Equal(Enumerable.Range(0, Rows.Count), found.Select(x => x.Id).Order());
        Assert.Equal(found.Order(), found);
    }

    [Fact]
    public void Search_EquidistantRows_EveryNodeIsReached()
    {
        // Unit vectors of the axes: every pair has the same distance, so that pruning would leave each node with one link.
        const int Count = 300;
        using MemoryStream stream = new();
        HnswBuilder.Build((index, row) => { row.Clear(); row[index] = 1; }, Count, Count, new HnswOptions(), stream,
            CancellationToken.None);
        using HnswGraph graph = HnswGraph.Open(stream.ToArray());
        ScoredId[] found = new ScoredId[Count];
        float[] query = new float[Count];
        query[7] = 1;

        int count = graph.Search(query, Count, Count, [], found);

        Assert.Equal(Count, count);
        Assert.Equal(7, found[0].Id);
    }

    [Fact]
    public void Search_ManyEqualRows_AreFoundAndHideNothing()
    {
        const int CopyCount = 1000;
        RandomRows rows = new(count: 3000, dimension: 48, seed: 9);
        for (int row = 1; row < CopyCount; row++)
        {
            rows[0].CopyTo(rows[3 * row]);
        }

        using HnswGraph graph = HnswGraph.Open(rows.Build(new HnswOptions()));
        ScoredId[] found = new ScoredId[CopyCount];

        int count = graph.Search(rows[0], CopyCount, CopyCount, [], found);

        Assert.Equal(rows.Count - CopyCount + 1, graph.NodeCount);
        Assert.Equal(Enumerable.Range(0, CopyCount).Select(row => 3 * row), found[..count].Select(x => x.Id));
        Assert.True(GetRecall(graph, rows, ef: 100, row => row % 3 != 0, Bitmap(rows.Count, row => row % 3 != 0)) >= 0.98);
        double recall = 0;
        for (int row = 1; row < 300; row += 3)
        {
            recall += graph.Search(rows[row], 1, 20, [], found) == 1 && found[0].Id == row ? 0.01 : 0;
        }

        Assert.True(recall >= 0.98, $"recall {recall}");
    }

    [Fact]
    public void Build_AnyNumberOfThreads_GivesTheSameBytes()
    {
        RandomRows rows = new(count: 2000, dimension: 20, seed: 4);

        byte[] one = rows.Build(new HnswOptions { Threads = 1, Queries = Queries[0][..40].ToArray() });

        Assert.Equal(one, rows.Build(new HnswOptions { Threads = 2, Queries = Queries[0][..40].ToArray() }));
        Assert.Equal(one, rows.Build(new HnswOptions { Threads = 4, Queries = Queries[0][..40].ToArray() }));
        Assert.NotEqual(one, rows.Build(new HnswOptions { Seed = 2, Queries = Queries[0][..40].ToArray() }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    public void Search_FewRows_FindsAll(int rowCount)
    {
        RandomRows rows = new(rowCount, dimension: 3, seed: 6);
        using HnswGraph graph = HnswGraph.Open(rows.Build(new HnswOptions { M = 2, EfConstruction = 2 }));
        ScoredId[] found = new ScoredId[20];

        int count = graph.Search([1, 0, 0], 20, 20, [], found);

        Assert.Equal(rows.FindExactly([1, 0, 0], 20, _ => true).Order(), found[..count].Select(x => x.Id).Order());
    }

    [Fact]
    public void Search_Scores_AreInnerProductsWithinTheRoundingOfCodes()
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);
        ScoredId[] found = new ScoredId[K];
        graph.Search(Queries[3], K, 50, [], found);

        foreach (ScoredId row in found)
        {
            double exact = 0;
            for (int i = 0; i < Rows.Dimension; i++)
            {
                exact += (double)Queries[3][i] * Rows[row.Id][i];
            }

            // 48 values are padded to 64. A rotated value of a row is off by half a step of at most 1/127 and all 64 of them by at
            // most 4 / 127 in length; the query has length 1 and its own codes are 129 times finer.
            Assert.Equal(exact, row.Score, tolerance: 4.0 / 127 * 1.01);
        }
    }

    [Fact]
    public void Search_ManyThreads_FindWhatOneFinds()
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);
        ScoredId[][] alone = [.. Enumerable.Range(0, Queries.Count).Select(i => SearchOne(graph, i))];
        ScoredId[][] together = new ScoredId[4 * Queries.Count][];

        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => together[i] = SearchOne(graph, i % Queries.Count));

        for (int i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % Queries.Count], together[i]);
        }
    }

    [Fact]
    public void Search_AgainAndAgain_AllocatesNothing()
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);
        ulong[] half = Bitmap(Rows.Count, row => row % 2 == 0);
        ulong[] few = Bitmap(Rows.Count, row => row % 500 == 0);
        ScoredId[] found = new ScoredId[K];
        void SearchAll()
        {
            for (int i = 0; i < Queries.Count; i++)
            {
                graph.Search(Queries[i], K, 100, [], found);
                graph.Search(Queries[i], K, 20, half, found);
                graph.Search(Queries[i], K, 100, few, found);
            }
        }

        Assert.Equal(0, Allocations.CountFewest(SearchAll));
    }

    [Fact]
    public void Open_Path_SearchesTheMappedFile()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("index", Bytes);

        using HnswGraph graph = HnswGraph.Open(Bytes);
        using HnswGraph mapped = HnswGraph.Open(path);

        Assert.Equal(SearchOne(mapped, 2), SearchOne(graph, 2));

        string empty = folder.Write("empty", []);
        Assert.Throws<InvalidDataException>(() => HnswGraph.Open(empty));
    }

    [Fact]
    public void Open_CutOrChangedBytes_AreRefused()
    {
        RandomRows rows = new(count: 50, dimension: 8, seed: 6);
        byte[] bytes = rows.Build(new HnswOptions { M = 4, EfConstruction = 8 });
        using HnswGraph graph = HnswGraph.Open(bytes);
        int tablesEnd = 128 + (8 * 4) + (51 * 4) + (50 * 4 * 2);

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

    [Fact]
    public void Search_DamagedRecords_ThrowsOrFindsRowsOfTheGraph()
    {
        RandomRows rows = new(count: 200, dimension: 8, seed: 6);
        byte[] bytes = rows.Build(new HnswOptions { M = 4, EfConstruction = 8 });
        DamagedGraphs.Check(bytes, rowCount: 200, roundCount: 300);
    }

    [Fact]
    public void Search_UnfitArguments_ThrowsArgumentException()
    {
        using HnswGraph graph = HnswGraph.Open(Bytes);
        ulong[] beyond = new ulong[(Rows.Count + 63) / 64];
        beyond[^1] = ulong.MaxValue;

        Assert.Throws<ArgumentException>(() => graph.Search(new float[47], K, 50, [], new ScoredId[K]));
        Assert.Throws<ArgumentException>(() => graph.Search(new float[48], K, 50, [], new ScoredId[K - 1]));
        Assert.Throws<ArgumentException>(() => graph.Search(new float[48], K, 50, new ulong[3], new ScoredId[K]));
        Assert.Throws<ArgumentException>(() => graph.Search(new float[48], K, 50, beyond, new ScoredId[K]));
        Assert.Throws<ArgumentException>(() => graph.Search([float.NaN, .. new float[47]], K, 50, [], new ScoredId[K]));
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Search(new float[48], 0, 50, [], new ScoredId[K]));
    }

    [Fact]
    public void Build_RowThatIsNotFinite_ThrowsArgumentExceptionThatNamesIt()
    {
        RandomRows rows = new(count: 50, dimension: 8, seed: 6);
        rows[31][3] = float.PositiveInfinity;

        ArgumentException thrown = Assert.Throws<ArgumentException>(() => rows.Build(new HnswOptions { Threads = 2 }));

        Assert.Contains("Row 31", thrown.Message, StringComparison.Ordinal);
    }

    private static ScoredId[] SearchOne(HnswGraph graph, int query)
    {
        ScoredId[] found = new ScoredId[K];
        int count = graph.Search(Queries[query], K, 60, [], found);
        return found[..count];
    }

    private static ulong[] Bitmap(int count, Func<int, bool> isWanted)
    {
        ulong[] bits = new ulong[(count + 63) / 64];
        foreach (int row in Enumerable.Range(0, count).Where(isWanted))
        {
            bits[row / 64] |= 1UL << (row % 64);
        }

        return bits;
    }

    private static double GetRecall(HnswGraph graph, RandomRows rows, int ef, Func<int, bool> isWanted, ulong[] wanted)
    {
        double sum = 0;
        for (int i = 0; i < Queries.Count; i++)
        {
            sum += Overlap(graph, Queries[i].ToArray(), ef, wanted, rows.FindExactly(Queries[i], K, isWanted));
        }

        return sum / Queries.Count;
    }

    private static double Overlap(HnswGraph graph, float[] query, int ef, ulong[] wanted, int[] expected)
    {
        ScoredId[] found = new ScoredId[K];
        int count = graph.Search(query, K, ef, wanted, found);
        return (double)found[..count].Select(x => x.Id).Intersect(expected).Count() / expected.Length;
    }
}
