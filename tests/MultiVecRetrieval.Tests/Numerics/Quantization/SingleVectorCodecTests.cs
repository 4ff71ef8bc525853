using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.SingleVectors;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

public class SingleVectorCodecTests
{
    // A query is drawn from one of 200 entries with noise. Of the ten best entries, how many are among the 50 best of the encoding? At
    // random a quarter.
    [Fact]
    public void Score_CandidatesOfAnEncoding_HoldTheBestEntries()
    {
        const int dimension = 32;
        CodecSamples.Entries entries = CodecSamples.Create(seed: 3, dimension, [.. Enumerable.Repeat(12, 200)]);
        EntryCodec codec = CodecSamples.Train("lemur:256", dimension);
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

        Assert.InRange(found / 20, 0.75, 1);
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
    [InlineData("lemur:0")]
    [InlineData("lemur:4097")]
    [InlineData("lemur:x")]
    public void Train_ArgumentThatIsNone_ThrowsWithWhatIsExpected(string spec)
    {
        SpecException exception = Assert.Throws<SpecException>(() => CodecSamples.Train(spec, 8));

        Assert.Contains(" takes ", exception.Message, StringComparison.Ordinal);
    }

    private static float MaxSim(MultiVector query, MultiVector entry)
        => MultiVecRetrieval.Numerics.Kernels.MaxSim.Score(query.View, entry.View);

    private static MultiVector Single(MultiVector rows, int index) => new(rows.Dimension, rows.Row(index).ToArray());
}
