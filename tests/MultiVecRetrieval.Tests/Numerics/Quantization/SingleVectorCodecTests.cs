using System.Numerics;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.SingleVectors;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

public class SingleVectorCodecTests
{
    // By the definition, in float64 and without bytes: sums and means of buckets, the nearest row for an empty one, ±1 projections.
    [Theory]
    [InlineData("fde:1x1x1", 7)]
    [InlineData("fde:4x3x8", 33)]
    [InlineData("fde:2x6x16", 48)]
    public void Score_FixedDimensionalEncoding_IsThatOfTheDefinitionToTheRoundingOfBytes(string spec, int dimension)
    {
        EntryCodec codec = CodecSamples.Train(spec, dimension);
        CodecSamples.Entries entries = CodecSamples.Create(seed: 1, dimension, 1, 40, 3);
        MultiVector query = CodecSamples.Query(seed: 2, entries, rowCount: 6);

        float[] scores = CodecSamples.Score(codec, codec.Encode(entries.Rows), entries.Count, query);

        double[] encodedQuery = EncodeByDefinition(codec, query, isEntry: false);
        for (int index = 0; index < entries.Count; index++)
        {
            double[] encoded = EncodeByDefinition(codec, entries[index], isEntry: true);
            double expected = encoded.Zip(encodedQuery, (x, y) => x * y).Sum();

            // A code is off by half a step: Σ|x| step_y / 2 + Σ|y| step_x / 2, steps 1/127 of the largest value, of two neighbours for a
            // query.
            double queryStep = 2 * encodedQuery.Max(Math.Abs) / 127;
            double entryStep = encoded.Max(Math.Abs) / 127;
            double bound = (encoded.Sum(Math.Abs) * queryStep / 2) + (encodedQuery.Sum(Math.Abs) * entryStep / 2)
                + (encoded.Length * queryStep * entryStep / 4);
            Assert.Equal(expected, scores[index], (bound * 1.001) + 1e-6);
        }
    }

    // A query is drawn from one of 200 entries with noise. Of the ten best entries, how many are among the 50 best of the encoding? At
    // random a quarter.
    [Theory]
    [InlineData("fde:10x4x16", 0.75)]
    [InlineData("lemur:256", 0.75)]
    public void Score_CandidatesOfAnEncoding_HoldTheBestEntries(string spec, double floor)
    {
        const int dimension = 32;
        CodecSamples.Entries entries = CodecSamples.Create(seed: 3, dimension, [.. Enumerable.Repeat(12, 200)]);
        EntryCodec codec = CodecSamples.Train(spec, dimension);
        byte[] chunk = codec.Encode(entries.Rows);
        double found = 0;
        for (int number = 0; number < 20; number++)
        {
            MultiVector query =
                CodecSamples.Query(seed: number, CodecSamples.Create(seed: 3, dimension, [.. Enumerable.Repeat(12, number + 1)]),
                rowCount: 8);
            float[] scores = CodecSamples.Score(codec, chunk, entries.Count, query);
            HashSet<int> candidates = [.. Enumerable.Range(0, 200).OrderByDescending(index => scores[index]).Take(50)];
            int[] best = [.. Enumerable.Range(0, 200).OrderByDescending(index => MaxSim(query, entries[index])).Take(10)];
            found += best.Count(candidates.Contains) / 10.0;
        }

        Assert.InRange(found / 20, floor, 1);
    }

    // Without rounding to bytes the score is Σ_i ŵ ψ(q_i) + b; at the sample's own rows it comes close to g. Here against MaxSim of single
    // query rows.
    [Fact]
    public void Score_Lemur_FollowsTheMaximumOverTheEntry()
    {
        const int dimension = 16;
        CodecSamples.Entries entries = CodecSamples.Create(seed: 4, dimension, 1, 5, 30);
        EntryCodec codec = CodecSamples.Train("lemur:200", dimension);
        byte[] chunk = codec.Encode(entries.Rows);
        double error = 0;
        double variance = 0;
        MultiVector queries = CodecSamples.Query(seed: 5, entries, rowCount: 200);
        double[][] exact =
            [.. Enumerable.Range(0, 200)
            .Select(i => Enumerable.Range(0, 3).Select(e => (double)MaxSim(Single(queries, i), entries[e])).ToArray())];
        double[] means = [.. Enumerable.Range(0, 3).Select(e => exact.Average(row => row[e]))];
        for (int i = 0; i < 200; i++)
        {
            float[] scores = CodecSamples.Score(codec, chunk, 3, Single(queries, i));
            for (int e = 0; e < 3; e++)
            {
                error += Math.Pow(scores[e] - exact[i][e], 2);
                variance += Math.Pow(means[e] - exact[i][e], 2);
            }
        }

        // R² of at least 0.85: what is left is less than a seventh of what there was.
        Assert.InRange(error / variance, 0, 0.15);
    }

    [Fact]
    public void SolveLower_FactorOfAGramMatrix_GivesItsQuadraticForm()
    {
        Random random = new(Seed: 6);
        const int order = 37;
        float[] features = [.. Enumerable.Range(0, 100 * order).Select(_ => (random.NextSingle() * 2) - 1)];
        Cholesky factor = Cholesky.Factor(features, order, relativeRidge: 0, threads: 2, TestContext.Current.CancellationToken);
        double[] x = [.. Enumerable.Range(0, order).Select(_ => random.NextDouble())];
        double[] image = new double[order];
        for (int row = 0; row < 100; row++)
        {
            double product = Enumerable.Range(0, order).Sum(k => features[(row * order) + k] * x[k]);
            for (int k = 0; k < order; k++)
            {
                image[k] += features[(row * order) + k] * product;
            }
        }

        // |L⁻¹ A x|² = xᵀ A x.
        double expected = image.Zip(x, (a, b) => a * b).Sum();
        factor.SolveLower(image);

        Assert.Equal(expected, image.Sum(value => value * value), expected * 1e-12);
    }

    [Theory]
    [InlineData("fde:1x1")]
    [InlineData("fde:0x1x1")]
    [InlineData("fde:20x11x1")]
    [InlineData("fde:64x10x2")]
    [InlineData("lemur:0")]
    [InlineData("lemur:4097")]
    [InlineData("lemur:x")]
    public void Train_ArgumentThatIsNone_ThrowsWithWhatIsExpected(string spec)
    {
        CodecSpecException exception = Assert.Throws<CodecSpecException>(() => CodecSamples.Train(spec, 8));

        Assert.Contains(" takes ", exception.Message, StringComparison.Ordinal);
    }

    private static float MaxSim(MultiVector query, MultiVector entry)
        => MultiVecRetrieval.Numerics.Kernels.MaxSim.Score(query.View, entry.View);

    private static MultiVector Single(MultiVector rows, int index) => new(rows.Dimension, rows.Row(index).ToArray());

    private static double[] EncodeByDefinition(EntryCodec codec, MultiVector rows, bool isEntry)
    {
        int[] shape = [.. codec.Spec.Argument.Split('x').Select(part => int.Parse(part, null))];
        (int repetitions, int bits, int projected) = (shape[0], shape[1], shape[2]);
        int d = codec.Dimension;
        byte[] parameters = codec.WriteParameters();
        float[] planes = MemoryMarshal.Cast<byte, float>(parameters.AsSpan(0, repetitions * bits * d * 4)).ToArray();
        sbyte[] signs = MemoryMarshal.Cast<byte, sbyte>(parameters.AsSpan(repetitions * bits * d * 4)).ToArray();
        List<double> encoding = [];
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            int[] buckets = [.. Enumerable.Range(0, rows.RowCount).Select(row => Enumerable.Range(0, bits).Sum(
                bit => Enumerable.Range(0, d).Sum(k => (double)rows.Row(row)[k] * planes[(((repetition * bits) + bit) * d) + k]) > 0
                    ? 1 << bit
                    : 0))];
            for (int bucket = 0; bucket < 1 << bits; bucket++)
            {
                int[] members = [.. Enumerable.Range(0, rows.RowCount).Where(row => buckets[row] == bucket)];
                if (members.Length == 0 && isEntry)
                {
                    members = [Enumerable.Range(0, rows.RowCount)
                        .MinBy(row => (BitOperations.PopCount((uint)(buckets[row] ^ bucket)), row))];
                }

                double scale = isEntry ? 1.0 / members.Length : 1.0 / repetitions;
                for (int p = 0; p < projected; p++)
                {
                    double sum =
                        members.Sum(row => Enumerable.Range(0, d)
                        .Sum(k => (double)rows.Row(row)[k] * signs[(((repetition * projected) + p) * d) + k]));
                    encoding.Add(sum * scale / Math.Sqrt(projected));
                }
            }
        }

        return [.. encoding];
    }
}
