using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Ann;

public sealed class IvfIndexTests
{
    private const int K = 10;
    private const int All = int.MaxValue;
    private static readonly RandomRows Rows = new(count: 4000, dimension: 100, seed: 1);
    private static readonly RandomRows Queries = new(count: 60, dimension: 100, seed: 1, part: 1);
    private static readonly byte[] Bytes = Build(Rows, new IvfOptions { ListCount = 60 });

    [Fact]
    public void Search_SomeLists_FindsWhatBruteForceFinds()
    {
        using IvfIndex index = IvfIndex.Open(Bytes);

        // The rows come in 50 clusters, a query from one of them: a sixth of 60 lists holds nearly all of its best rows. What is left
        // out are swaps that int8 scores make between rows whose scores differ by less than about 0.001.
        double recall = GetRecall(index, Rows, probeCount: 10, _ => true, []);

        Assert.True(recall >= 0.97, $"recall {recall}");
    }

    [Fact]
    public void Search_AllListsAndRows_FindsWhatInt8CodesFind()
    {
        using IvfIndex index = IvfIndex.Open(Bytes);
        ScoredId[] found = new ScoredId[Rows.Count];

        int count = index.Search(Queries[0], Rows.Count, All, Rows.Count, [], found);

        Assert.Equal(Rows.Count, count);
        Assert.Equal(Enumerable.Range(0, Rows.Count), found.Select(x => x.Id).Order());
        Assert.Equal(found.Order(), found);
        Assert.Equal(found[..K], SearchOne(index, 0, All, rerankCount: 500));
    }

    [Theory]
    [InlineData(2)] // half of the rows: twice as many lists
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(4000)] // one row
    public void Search_Filtered_LosesNoRecall(int divisor)
    {
        using IvfIndex index = IvfIndex.Open(Bytes);
        ulong[] wanted = Bitmap(Rows.Count, row => row % divisor == 1);

        double recall = GetRecall(index, Rows, probeCount: 10, row => row % divisor == 1, wanted);

        Assert.True(recall >= 0.97, $"recall {recall}");
    }

    [Fact]
    public void Search_AnyDeletes_FindEveryRowLeftAndNoOther()
    {
        using IvfIndex index = IvfIndex.Open(Bytes);
        Random random = new(Seed: 5);
        bool[] isDead = [.. Enumerable.Range(0, Rows.Count).Select(_ => random.Next(3) > 0)];
        ScoredId[] found = new ScoredId[Rows.Count];

        int count = index.Search(Queries[0], Rows.Count, All, Rows.Count, Bitmap(Rows.Count, row => !isDead[row]), found);

        Assert.Equal(Enumerable.Range(0, Rows.Count).Where(row => !isDead[row]), found[..count].Select(x => x.Id).Order());
    }

    [Fact]
    public void Search_FilterThatNothingPasses_FindsNothing()
    {
        using IvfIndex index = IvfIndex.Open(Bytes);

        Assert.Equal(0, index.Search(Queries[0], K, All, 100, new ulong[(Rows.Count + 63) / 64], new ScoredId[K]));
    }

    [Fact]
    public void Search_ManyEqualRows_AreFoundAndHideNothing()
    {
        const int CopyCount = 1000;
        RandomRows rows = new(count: 3000, dimension: 100, seed: 9);
        for (int row = 1; row < CopyCount; row++)
        {
            rows[0].CopyTo(rows[3 * row]);
        }

        using IvfIndex index = IvfIndex.Open(Build(rows, new IvfOptions { ListCount = 40 }));
        ScoredId[] found = new ScoredId[CopyCount];

        int count = index.Search(rows[0], CopyCount, 40, CopyCount, [], found);

        Assert.Equal(Enumerable.Range(0, CopyCount).Select(row => 3 * row), found[..count].Select(x => x.Id));
        RandomRows queries = new(count: 60, dimension: 100, seed: 9, part: 1);
        ulong[] others = Bitmap(rows.Count, row => row % 3 != 0);
        double recall = 0;
        for (int i = 0; i < queries.Count; i++)
        {
            recall += Overlap(index, queries[i].ToArray(), 10, 200, others,
                rows.FindExactly(queries[i], K, row => row % 3 != 0)) / queries.Count;
        }

        Assert.True(recall >= 0.97, $"recall {recall}");
    }

    [Fact]
    public void Search_QueriesOfAnotherModality_AreEstimatedBetterWithTheirMean()
    {
        RandomRows shifted = new(count: 200, dimension: 100, seed: 33);
        for (int query = 0; query < shifted.Count; query++)
        {
            for (int i = 0; i < 100; i++)
            {
                shifted[query][i] = (0.5f * shifted[query][i]) + (i % 2 == 0 ? 0.3f : -0.3f);
            }
        }

        float[] sample = [.. Enumerable.Range(100, 100).SelectMany(query => shifted[query].ToArray())];
        using IvfIndex without = IvfIndex.Open(Bytes);
        using IvfIndex with = IvfIndex.Open(Build(Rows, new IvfOptions { ListCount = 60, Queries = sample }));

        // 15 of 4,000 rows are scored again: what is lost beside int8 is what signs misjudge.
        double before = 0, after = 0;
        for (int query = 0; query < 100; query++)
        {
            int[] expected = Rows.FindExactly(shifted[query], K, _ => true);
            before += Overlap(without, shifted[query].ToArray(), All, 15, [], expected) / 100;
            after += Overlap(with, shifted[query].ToArray(), All, 15, [], expected) / 100;
        }

        Assert.True(after > before + 0.05, $"recall {before} without and {after} with the mean of the queries");
    }

    [Fact]
    public void Build_AnyNumberOfThreads_GivesTheSameBytes()
    {
        RandomRows rows = new(count: 2000, dimension: 20, seed: 4);

        byte[] one = Build(rows, new IvfOptions { Threads = 1 });

        Assert.Equal(one, Build(rows, new IvfOptions { Threads = 2 }));
        Assert.Equal(one, Build(rows, new IvfOptions { Threads = 4 }));
        Assert.NotEqual(one, Build(rows, new IvfOptions { Seed = 2 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(33)]
    public void Search_FewRows_FindsAll(int rowCount)
    {
        RandomRows rows = new(rowCount, dimension: 3, seed: 6);
        using IvfIndex index = IvfIndex.Open(Build(rows, new IvfOptions()));
        ScoredId[] found = new ScoredId[40];

        int count = index.Search([1, 0, 0], 40, All, 40, [], found);

        Assert.Equal(Enumerable.Range(0, rowCount), found[..count].Select(x => x.Id).Order());
    }

    [Fact]
    public void Search_ManyThreads_FindWhatOneFinds()
    {
        using IvfIndex index = IvfIndex.Open(Bytes);
        ScoredId[][] alone = [.. Enumerable.Range(0, Queries.Count).Select(i => SearchOne(index, i, 10, 100))];
        ScoredId[][] together = new ScoredId[4 * Queries.Count][];

        Parallel.For(
            0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i
                => together[i] = SearchOne(index, i % Queries.Count, 10, 100));

        for (int i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % Queries.Count], together[i]);
        }
    }

    [Fact]
    public void Search_AgainAndAgain_AllocatesNothing()
    {
        using IvfIndex index = IvfIndex.Open(Bytes);
        ulong[] half = Bitmap(Rows.Count, row => row % 2 == 0);
        ulong[] few = Bitmap(Rows.Count, row => row % 500 == 0);
        ScoredId[] found = new ScoredId[K];
        void SearchAll()
        {
            for (int i = 0; i < Queries.Count; i++)
            {
                index.Search(Queries[i], K, 10, 100, [], found);
                index.Search(Queries[i], K, 10, 100, half, found);
                index.Search(Queries[i], K, 10, 100, few, found);
            }
        }

        Assert.Equal(0, Allocations.CountFewest(SearchAll));
    }

    [Fact]
    public void Search_AnyLevel_GivesTheseRows()
    {
        RandomRows rows = new(count: 500, dimension: 100, seed: 8);
        using IvfIndex index = IvfIndex.Open(Build(rows, new IvfOptions { ListCount = 9 }));
        ScoredId[] found = new ScoredId[K];

        index.Search(rows[7], K, 2, 20, [], found);

        // The same at every level: the suite runs at four of them.
        Assert.Equal("7 268 331 442 242 192 20 170 89 54", string.Join(" ", found.Select(x => x.Id)));
    }

    [Fact]
    public void Open_Path_SearchesTheMappedFile()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("index", Bytes);

        using IvfIndex graph = IvfIndex.Open(Bytes);
        using IvfIndex mapped = IvfIndex.Open(path);

        Assert.Equal(SearchOne(mapped, 2, 10, 100), SearchOne(graph, 2, 10, 100));

        string empty = folder.Write("empty", []);
        Assert.Throws<InvalidDataException>(() => IvfIndex.Open(empty));
    }

    [Fact]
    public void Open_CutOrChangedBytes_AreRefused()
    {
        RandomRows rows = new(count: 50, dimension: 8, seed: 6);
        byte[] bytes = Build(rows, new IvfOptions { ListCount = 2 });
        using IvfIndex index = IvfIndex.Open(bytes);
        int tablesEnd = 128 + (8 * 4) + (2 * 64 * 4) + (3 * 4) + (index.Rows.Length * 4) + (50 * 4);

        for (int length = 0; length < bytes.Length; length += length < 200 ? 1 : 97)
        {
            Assert.Throws<InvalidDataException>(() => IvfIndex.Open(bytes.AsMemory(0, length)));
        }

        for (int i = 0; i < tablesEnd; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => IvfIndex.Open(changed));
        }
    }

    [Fact]
    public void Search_UnfitArguments_ThrowsArgumentException()
    {
        using IvfIndex index = IvfIndex.Open(Bytes);

        Assert.Throws<ArgumentException>(() => index.Search(new float[99], K, 5, 50, [], new ScoredId[K]));
        Assert.Throws<ArgumentException>(() => index.Search(new float[100], K, 5, 50, [], new ScoredId[K - 1]));
        Assert.Throws<ArgumentException>(() => index.Search(new float[100], K, 5, 50, new ulong[3], new ScoredId[K]));
        Assert.Throws<ArgumentException>(() => index.Search([float.NaN, .. new float[99]], K, 5, 50, [], new ScoredId[K]));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(new float[100], K, 0, 50, [], new ScoredId[K]));
    }

    [Fact]
    public void Build_RowThatIsNotFinite_ThrowsArgumentExceptionThatNamesIt()
    {
        RandomRows rows = new(count: 50, dimension: 8, seed: 6);
        rows[31][3] = float.PositiveInfinity;

        ArgumentException thrown = Assert.Throws<ArgumentException>(() => Build(rows, new IvfOptions { Threads = 2 }));

        Assert.Contains("Row 31", thrown.Message, StringComparison.Ordinal);
    }

    private static byte[] Build(RandomRows rows, IvfOptions options)
    {
        using MemoryStream stream = new();
        IvfBuilder.Build(rows.Reader, rows.Count, rows.Dimension, options, stream, CancellationToken.None);
        return stream.ToArray();
    }

    private static ScoredId[] SearchOne(IvfIndex index, int query, int probeCount, int rerankCount)
    {
        ScoredId[] found = new ScoredId[K];
        int count = index.Search(Queries[query], K, probeCount, rerankCount, [], found);
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

    private static double GetRecall(IvfIndex index, RandomRows rows, int probeCount, Func<int, bool> isWanted, ulong[] wanted)
    {
        double sum = 0;
        for (int i = 0; i < Queries.Count; i++)
        {
            sum += Overlap(index, Queries[i].ToArray(), probeCount, 200, wanted, rows.FindExactly(Queries[i], K, isWanted));
        }

        return sum / Queries.Count;
    }

    private static double Overlap(IvfIndex index, float[] query, int probeCount, int rerankCount, ulong[] wanted, int[] expected)
    {
        ScoredId[] found = new ScoredId[K];
        int count = index.Search(query, K, probeCount, rerankCount, wanted, found);
        return (double)found[..count].Select(x => x.Id).Intersect(expected).Count() / expected.Length;
    }
}
