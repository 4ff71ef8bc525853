using System.Security.Cryptography;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.LinearAlgebra;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Bits;

namespace MultiVecRetrieval.Tests.Numerics.Quantization.Bits;

public class BitsTrainingTests
{
    [Fact]
    public void Train_AnyThreads_GivesTheSameParameters()
    {
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 1, 2_000, 64, 64);

        byte[] one = BitsSamples.Train("bits:2", 64, rows, queries, threads: 1).WriteParameters();

        Assert.Equal(one, BitsSamples.Train("bits:2", 64, rows, queries, threads: 3).WriteParameters());
    }

    [Fact]
    public void Train_EveryInstructionSet_GivesTheSameParametersAndCodes()
    {
        // The sample needs no logarithm, whose last bit may differ between libraries; the digest was taken with AVX-512 and holds
        // wherever these tests run.
        const int dimension = 40;
        Random random = new(Seed: 9);
        float[] rows = [.. Enumerable.Range(0, 1_500 * dimension).Select(i => (random.NextSingle() - 0.4f) / (1 + (i % dimension)))];
        float[] queries = [.. Enumerable.Range(0, 50 * dimension).Select(i => (random.NextSingle() - 0.7f) / (1 + (i % dimension)))];
        BitsCodec codec = BitsSamples.Train("bits:2", dimension, rows, queries);
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(1_500)));

        Assert.True(codec.HasSegments);
        Assert.Equal("FC790BFBEFA2AA45", Convert.ToHexString(SHA256.HashData(codec.WriteParameters()))[..16]);
        Assert.Equal("EA0AB68498B4AED8", Convert.ToHexString(SHA256.HashData(chunk))[..16]);
    }

    // A bias is worth points where queries have another mean than rows, and most where there are few bits.
    [Theory]
    [InlineData(1, 0.04)]
    [InlineData(2, 0.02)]
    [InlineData(4, 0.005)]
    public void Train_QueriesOfAnotherModality_FindMoreWithABias(int bits, double gain)
    {
        const int dimension = 128;
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 3, 6_000, 160, dimension);
        float[] known = queries[..(64 * dimension)];
        float[] asked = queries[(64 * dimension)..];
        BitsCodec with = BitsSamples.Train($"bits:{bits}", dimension, rows, known);
        BitsCodec without = BitsSamples.Train($"bits:{bits}", dimension, rows, []);
        Assert.True(with.HasBias && !without.HasBias);

        double recallWith = MeasureRecall(with, rows, asked, BitScoring.Asymmetric, 10);
        double recallWithout = MeasureRecall(without, rows, asked, BitScoring.Asymmetric, 10);

        Assert.True(recallWith >= recallWithout + gain, $"{recallWith:f3} with, {recallWithout:f3} without");
    }

    [Fact]
    public void Train_QueriesLikeRows_LoseNothingByABias()
    {
        const int dimension = 128;
        (float[] rows, _) = BitsSamples.CreateModalityGap(seed: 4, 6_160, 1, dimension);
        float[] asked = rows[(6_064 * dimension)..];
        float[] known = rows[(6_000 * dimension)..(6_064 * dimension)];
        float[] stored = rows[..(6_000 * dimension)];
        double with = MeasureRecall(BitsSamples.Train("bits:2", dimension, stored, known), stored, asked, BitScoring.Asymmetric, 10);
        double without = MeasureRecall(BitsSamples.Train("bits:2", dimension, stored, []), stored, asked, BitScoring.Asymmetric, 10);

        // Within one standard error of the mean over 96 queries, which is about 0.01.
        Assert.True(with >= without - 0.01, $"{with:f3} with, {without:f3} without");
    }

    [Fact]
    public void Train_MoreBits_FindMore_AndAsymmetricScoresMoreThanSymmetricOnes()
    {
        const int dimension = 128;
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 5, 4_000, 128, dimension);
        float[] known = queries[..(64 * dimension)];
        float[] asked = queries[(64 * dimension)..];
        double previous = 0;
        foreach (int bits in (int[])[1, 2, 4])
        {
            BitsCodec codec = BitsSamples.Train($"bits:{bits}", dimension, rows, known);
            double recall = MeasureRecall(codec, rows, asked, BitScoring.Asymmetric, 10);
            double symmetric = MeasureRecall(codec, rows, asked, BitScoring.Symmetric, 10);
            double hamming = MeasureRecall(codec, rows, asked, BitScoring.Hamming, 10);

            Assert.True(recall > previous + 0.02 && recall > symmetric && symmetric > hamming,
                $"{bits}: {recall}, {symmetric}, {hamming}, before {previous}");
            previous = recall;
        }

        Assert.True(previous > 0.9, $"{previous}");
    }

    [Fact]
    public void Score_FirstPlanesOnly_FindLessThanAllButFarMoreThanChance()
    {
        const int dimension = 128;
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 6, 4_000, 96, dimension, decay: 0);
        BitsCodec codec = BitsSamples.Train("bits:4", dimension, rows, queries[..(48 * dimension)]);
        float[] asked = queries[(48 * dimension)..];

        double[] recalls =
            [.. Enumerable.Range(1, codec.PlaneCount)
            .Select(planes => MeasureRecall(codec, rows, asked, BitScoring.Asymmetric, 10, planes))];

        Assert.True(recalls[0] > 0.3, string.Join(", ", recalls));
        Assert.True(recalls[1] > recalls[0] + 0.05 && recalls[2] > recalls[1] + 0.02 && recalls[3] > recalls[2],
            string.Join(", ", recalls));
    }

    [Fact]
    public void ErrorShares_OtherQueries_HoldNearlyAsOften()
    {
        const int dimension = 64;
        (float[] rows, float[] queries) = BitsSamples.CreateModalityGap(seed: 7, 3_000, 128, dimension);
        BitsCodec codec = BitsSamples.Train("bits:2", dimension, rows[..(2_000 * dimension)], queries[..(64 * dimension)]);
        float[] others = rows[(2_000 * dimension)..];
        byte[] chunk = codec.Encode(new EntryRows(dimension, others, BitsSamples.SingleRows(1_000)));
        float[] scores = new float[1_000];
        float[] bounds = new float[1_000];
        int outside = 0;
        for (int query = 64; query < 128; query++)
        {
            MultiVectorView view = new(dimension, queries.AsSpan(query * dimension, dimension));
            CodeScorer scorer = codec.CreateScorer(view);
            scorer.Score(chunk, scores);
            scorer.ScoreUpperBounds(chunk, bounds);
            for (int row = 0; row < 1_000; row++)
            {
                double error = Math.Abs(BitsSamples.Dot(view.Values, others.AsSpan(row * dimension, dimension)) - scores[row]);
                outside += error > codec.ErrorShares[0] * (bounds[row] - scores[row]) ? 1 : 0;
            }
        }

        Assert.InRange(outside / 64_000.0, 0.003, 0.03);
        Assert.True(codec.ErrorShares[0] < codec.ErrorShares[1] && codec.ErrorShares[1] < codec.ErrorShares[2]
            && codec.ErrorShares[2] <= 1);
    }

    [Theory]
    [InlineData("bits:0")]
    [InlineData("bits:9")]
    [InlineData("bits:")]
    [InlineData("bits:two")]
    public void Train_OtherNumbersOfBits_ThrowsWithTheRange(string spec)
    {
        SpecException error = Assert.Throws<SpecException>(() => BitsSamples.Train(spec, 8, new float[80], []));

        Assert.Contains("from 1 to 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ParametersCutOrDamaged_ThrowsInvalidData()
    {
        BitsCodec codec = BitsSamples.Train("bits:2", 12, BitsSamples.RandomValues(seed: 8, 300 * 12), []);
        byte[] parameters = codec.WriteParameters();
        BitsFamily family = new();
        for (int length = 0; length < parameters.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => family.Read(codec.Spec, 12, parameters.AsSpan(0, length)));
        }

        byte[] damaged = [.. parameters];
        damaged[^1] = 9;
        Assert.Throws<InvalidDataException>(() => family.Read(codec.Spec, 12, damaged));
        Assert.Throws<InvalidDataException>(() => family.Read(codec.Spec, 11, parameters));
    }

    internal static double MeasureRecall(BitsCodec codec, float[] rows, float[] queries, BitScoring scoring, int k, int planes = 0)
    {
        int d = codec.Dimension;
        int count = rows.Length / d;
        byte[] chunk = codec.Encode(new EntryRows(d, rows, BitsSamples.SingleRows(count)));
        float[] scores = new float[count];
        float[] exact = new float[count];
        int found = 0;
        for (int offset = 0; offset < queries.Length; offset += d)
        {
            ReadOnlySpan<float> query = queries.AsSpan(offset, d);
            codec.CreateScorer(new MultiVectorView(d, query), scoring, planes == 0 ? codec.PlaneCount : planes).Score(chunk, scores);
            for (int row = 0; row < count; row++)
            {
                exact[row] = RowOperations.Dot(query, rows.AsSpan(row * d, d));
            }

            found += Best(exact).Intersect(Best(scores)).Count();
        }

        return (double)found / (k * (queries.Length / d));

        IEnumerable<int> Best(float[] values)
        {
            float[] copy = [.. values];
            return [.. Enumerable.Range(0, copy.Length).OrderByDescending(row => copy[row]).Take(k)];
        }
    }
}
