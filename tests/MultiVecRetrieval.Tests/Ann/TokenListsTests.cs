using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization.Codes;
using MultiVecRetrieval.Tests.Numerics.Quantization;

namespace MultiVecRetrieval.Tests.Ann;

public class TokenListsTests
{
    private const int Dimension = 16;
    private const int EntryCount = 600;

    private static readonly CodecSamples.Entries Entries = CreateEntries();
    private static readonly Codebook Centroids = new(
        Dimension, KMeans.Train(Dimension, Entries.Values, 200, new KMeansOptions { Iterations = 5 }), isSpherical: true);

    private static readonly TokenLists Lists = Build();

    [Fact]
    public void Search_AllLists_GivesTheScoresOfTheCodes()
    {
        foreach (int queryRowCount in new[] { 1, 7, 20 })
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, Entries, queryRowCount);
            double[] expected = ScorePlainly(query);

            TokenListsResult result = Lists.Search(query.View, new TokenListsOptions { ProbeCount = 200, CandidateCount = EntryCount });

            Assert.Equal(Rank(expected), result.Candidates);
            Assert.Equal(double.NegativeInfinity, result.UnseenBound);
            Assert.Equal((long)Lists.PostingCount * queryRowCount, result.PostingCount);
        }
    }

    [Theory]
    [InlineData(1, 0, EntryCount)]
    [InlineData(1, 0, 25)]
    [InlineData(8, 0, 25)]
    [InlineData(8, 2_000, 25)]
    [InlineData(60, 0, 25)]
    [InlineData(60, 6_000, 25)]
    public void Search_SomeLists_BoundsEveryEntryItDoesNotReturn(int probeCount, long imputationCount, int candidateCount)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            MultiVector query = CodecSamples.Query(seed, Entries, rowCount: 9);
            double[] exact = ScorePlainly(query);

            TokenListsResult result = Lists.Search(
                query.View, new TokenListsOptions
                {
                    ProbeCount = probeCount,
                    ImputationCount = imputationCount,
                    CandidateCount = candidateCount
                });

            HashSet<int> found = [.. result.Candidates.Select(x => x.Id)];
            Assert.All(Enumerable.Range(0, EntryCount).Where(entry => !found.Contains(entry)),
                entry => Assert.InRange(exact[entry], double.NegativeInfinity, result.UnseenBound));
            if (imputationCount == 0)
            {
                Assert.All(result.Candidates, x => Assert.InRange(exact[x.Id], double.NegativeInfinity, x.Score + 1e-9));
            }
        }
    }

    [Fact]
    public void Search_SomeLists_FindsMostOfTheBest()
    {
        // Random candidates would hold 40 of 600 entries: a recall of 0.07. A tenth of the lists is read.
        double recall = 0;
        double warpRecall = 0;
        for (int seed = 1; seed <= 20; seed++)
        {
            MultiVector query = CodecSamples.Query(seed, Entries, rowCount: 9);
            int[] best = [.. Rank(ScorePlainly(query)).Take(10).Select(x => x.Id)];
            TokenListsOptions options = new() { ProbeCount = 20, CandidateCount = 40 };

            recall += GetRecall(best, Lists.Search(query.View, options)) / 20;
            warpRecall += GetRecall(best, Lists.Search(query.View, options with { ImputationCount = 5_000 })) / 20;
        }

        Assert.True(recall > 0.9, $"{recall}");
        Assert.True(warpRecall > 0.9, $"{warpRecall}");
    }

    [Fact]
    public void Search_Filtered_ReturnsWhatPassesAndReadsMore()
    {
        MultiVector query = CodecSamples.Query(seed: 3, Entries, rowCount: 9);
        ulong[] wanted = new ulong[(EntryCount + 63) / 64];
        int[] passing = [.. Enumerable.Range(0, EntryCount).Where(entry => entry % 31 == 4)];
        foreach (int entry in passing)
        {
            wanted[entry / 64] |= 1UL << (entry % 64);
        }

        TokenListsResult result = Lists.Search(query.View, new TokenListsOptions { ProbeCount = 8, CandidateCount = EntryCount }, wanted);

        // One entry in 31 passes, so 8 · 31 of 200 lists are read: all, and the answer is exact.
        double[] exact = ScorePlainly(query);
        Assert.Equal(Rank(exact).Where(x => passing.Contains(x.Id)), result.Candidates);
        Assert.Empty(Lists.Search(query.View, new TokenListsOptions(), new ulong[wanted.Length]).Candidates);
    }

    [Fact]
    public void Read_WhatWriteWrote_GivesTheSameBytesAndAnswers()
    {
        byte[] bytes = Lists.Write();

        TokenLists read = TokenLists.Read(bytes);

        Assert.Equal(bytes, read.Write());
        MultiVector query = CodecSamples.Query(seed: 5, Entries, rowCount: 4);
        Assert.Equal(Lists.Search(query.View, new TokenListsOptions()).Candidates,
            read.Search(query.View, new TokenListsOptions()).Candidates);
    }

    [Fact]
    public void Read_BytesCutOrChanged_ThrowsOrStaysWithin()
    {
        TokenListsBuilder builder = new(new Codebook(2, [1, 0, 0, 1, -1, 0], isSpherical: true));
        builder.Add([0, 1]);
        builder.Add([2]);
        builder.Add([1, 1, 2]);
        byte[] bytes = builder.Build().Write();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => TokenLists.Read(bytes.AsSpan(0, length)));
        }

        Assert.Throws<InvalidDataException>(() => TokenLists.Read([.. bytes, 0]));
        for (int place = 0; place < bytes.Length; place++)
        {
            foreach (byte mask in new byte[] { 1, 0x80, 0xFF })
            {
                byte[] changed = [.. bytes];
                changed[place] ^= mask;
                try
                {
                    TokenLists.Read(changed).Search(new MultiVectorView(2, [1, 1]), new TokenListsOptions());
                }
                catch (InvalidDataException)
                {
                }
            }
        }
    }

    [Fact]
    public void Search_MoreEntriesThanABlock_NumbersThemThrough()
    {
        // Entry e has the codes e mod 5 and, in the second block alone, 5.
        TokenListsBuilder builder = new(new Codebook(2, [1, 0, 0, 1, -1, 0, 0, -1, 0.6f, 0.8f, 0.8f, 0.6f], isSpherical: true));
        for (int entry = 0; entry < TokenLists.BlockEntryCount + 12; entry++)
        {
            builder.Add(entry < TokenLists.BlockEntryCount ? [entry % 5] : [entry % 5, 5]);
        }

        TokenLists lists = TokenLists.Read(builder.Build().Write());

        TokenListsResult result =
            lists.Search(new MultiVectorView(2, [0.8f, 0.6f]), new TokenListsOptions { ProbeCount = 1, CandidateCount = 100 });

        Assert.Equal(Enumerable.Range(TokenLists.BlockEntryCount, 12), result.Candidates.Select(x => x.Id));
    }

    [Fact]
    public void SearchAndAdd_BadInput_Throw()
    {
        float[] row = new float[Dimension];

        Assert.Throws<ArgumentException>(() => Lists.Search(new MultiVectorView(Dimension, []), new TokenListsOptions()));
        Assert.Throws<ArgumentException>(() => Lists.Search(new MultiVectorView(4, row), new TokenListsOptions()));
        Assert.Throws<ArgumentException>(() => Lists.Search(new MultiVectorView(Dimension, row), new TokenListsOptions(), new ulong[2]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Lists.Search(new MultiVectorView(Dimension, row), new TokenListsOptions { ProbeCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenListsBuilder(Centroids).Add([200]));
        Assert.Throws<ArgumentException>(() => new TokenListsBuilder(Centroids).Add(new MultiVectorView(4, row)));
    }

    private static CodecSamples.Entries CreateEntries()
    {
        Random random = new(Seed: 21);
        return CodecSamples.Create(seed: 21, Dimension, [.. Enumerable.Range(0, EntryCount).Select(_ => random.Next(1, 40))]);
    }

    private static TokenLists Build()
    {
        TokenListsBuilder builder = new(Centroids);
        for (int entry = 0; entry < EntryCount; entry++)
        {
            builder.Add(Entries[entry].View);
        }

        return builder.Build();
    }

    private static double GetRecall(int[] best, TokenListsResult result)
        => (double)best.Intersect(result.Candidates.Select(x => x.Id)).Count() / best.Length;

    private static ScoredId[] Rank(double[] scores)
        => [.. scores.Select((score, entry) => new ScoredId(entry, score)).OrderByDescending(x => x.Score).ThenBy(x => x.Id)];

    private static double[] ScorePlainly(MultiVector query)
    {
        int[] codes = Centroids.Encode(Entries.Values);
        float[] table = new float[query.RowCount * Centroids.Count];
        Centroids.Centroids.Multiply(query.Values, table);
        double[] scores = new double[EntryCount];
        for (int entry = 0; entry < EntryCount; entry++)
        {
            for (int i = 0; i < query.RowCount; i++)
            {
                float best = float.NegativeInfinity;
                foreach (int code in codes.AsSpan(Entries.RowOffsets[entry]..Entries.RowOffsets[entry + 1]))
                {
                    best = Math.Max(best, table[(i * Centroids.Count) + code]);
                }

                scores[entry] += best;
            }
        }

        return scores;
    }
}
