using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Trains a <see cref="BitsCodec"/>: two ways to spend the bits, the better one on rows and queries that neither has
/// seen.</summary>
/// <remarks>
/// Uniform: a random rotation, and the same bits everywhere. Segments: principal components in runs of like variance, bits by greedy
/// allocation to where they remove most error, a random rotation within each run (as SAQ, arXiv:2509.12086, does). Which is better
/// depends on the spectrum of the vectors, so both are tried.
/// </remarks>
internal sealed class BitsTraining(CodecSpec spec, TrainingSample sample, int bitCount, CancellationToken cancellationToken)
{
    private const int MaxCovarianceRowCount = 16_384;
    private const int MinSegmentRowCount = 256;
    private const int MaxQueryCount = 1_024;

    private readonly int _dimension = sample.Dimension;

    /// <summary>The codec.</summary>
    public BitsCodec Run()
    {
        HeldOutSample heldOut = HeldOutSample.Take(sample);
        float[] rows = Thin(heldOut.TrainingRows, MaxCovarianceRowCount);
        float[] mean = GetMean(rows);
        float[] queryMean = sample.Queries.Length > 0 ? GetMean(sample.Queries) : [];
        int rowCount = rows.Length / _dimension;
        for (int row = 0; row < rowCount; row++)
        {
            for (int k = 0; k < _dimension; k++)
            {
                rows[(row * _dimension) + k] -= mean[k];
            }
        }

        double[] covariance = Covariance.Compute(rows, _dimension, sample.Threads, cancellationToken);
        BitsModel best = Finish(CreateUniform(mean, queryMean, covariance), rows);
        if (rowCount >= MinSegmentRowCount && _dimension >= 16 && heldOut.QueryCount > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BitsModel segments = Finish(CreateSegments(mean, queryMean, covariance), rows);
            double uniformRecall = heldOut.MeasureRecall(new BitsCodec(spec, best));
            double segmentRecall = heldOut.MeasureRecall(new BitsCodec(spec, segments));

            // Equal bits everywhere are faster to scan and keep symmetric sums exact, so they win a tie.
            best = segmentRecall > uniformRecall ? segments : best;
        }

        cancellationToken.ThrowIfCancellationRequested();
        float[] shares = heldOut.QueryCount > 0 ? heldOut.MeasureErrorShares(new BitsCodec(spec, best)) : best.ErrorShares;
        return new BitsCodec(spec, new BitsModel(best.Mean, best.QueryMean, best.Rotation, best.BitCounts, best.Amplitudes)
        {
            PlaneFactors = best.PlaneFactors,
            OrthogonalityError = best.OrthogonalityError,
            ErrorShares = shares,
        });
    }

    // One of each of equal runs, so that a sample in the order of a collection stays spread out; a copy.
    private float[] Thin(ReadOnlySpan<float> rows, int maxCount)
    {
        int count = rows.Length / _dimension;
        int kept = Math.Min(count, maxCount);
        float[] thinned = new float[kept * _dimension];
        for (int row = 0; row < kept; row++)
        {
            rows.Slice((int)((long)row * count / kept) * _dimension, _dimension).CopyTo(thinned.AsSpan(row * _dimension));
        }

        return thinned;
    }

    private float[] GetMean(ReadOnlySpan<float> rows)
    {
        double[] sums = new double[_dimension];
        for (int offset = 0; offset < rows.Length; offset += _dimension)
        {
            RowOperations.AddScaled(1.0, rows.Slice(offset, _dimension), sums);
        }

        int count = Math.Max(1, rows.Length / _dimension);
        return [.. sums.Select(sum => (float)(sum / count))];
    }

    private BitsModel CreateUniform(float[] mean, float[] queryMean, double[] covariance)
    {
        double[] rotation = new double[_dimension * _dimension];
        double trace = 0;
        for (int k = 0; k < _dimension; k++)
        {
            rotation[(k * _dimension) + k] = 1;
            trace += covariance[(k * _dimension) + k];
        }

        RandomRotation.Apply(rotation, _dimension, 0, _dimension, new Random(sample.Seed));
        double deviation = Math.Sqrt(trace / _dimension);
        byte[] bits = new byte[_dimension];
        bits.AsSpan().Fill((byte)bitCount);
        float[] amplitudes = new float[_dimension];
        amplitudes.AsSpan().Fill(GetAmplitude(deviation, bitCount));
        return Create(mean, queryMean, rotation, bits, amplitudes);
    }

    private BitsModel CreateSegments(float[] mean, float[] queryMean, double[] covariance)
    {
        double[] variances = new double[_dimension];
        double[] vectors = SymmetricEigen.Decompose((double[])covariance.Clone(), _dimension, variances);
        double[] queryPowers = GetQueryPowers(vectors, queryMean);
        int segmentCount = Math.Clamp(_dimension / 16, 1, 32);
        int[] ends = [.. Enumerable.Range(1, segmentCount).Select(i => (int)((long)i * _dimension / segmentCount))];
        Random random = new(sample.Seed);
        double[] errors = new double[segmentCount];
        double[] deviations = new double[segmentCount];
        for (int segment = 0, first = 0; segment < segmentCount; first = ends[segment++])
        {
            int count = ends[segment] - first;
            double variance = Math.Max(0, variances.AsSpan(first, count).ToArray().Average());
            deviations[segment] = Math.Sqrt(variance);
            errors[segment] = variance * queryPowers.AsSpan(first, count).ToArray().Average();
            RandomRotation.Apply(vectors, _dimension, first, count, random);
        }

        int[] allocation = BitAllocation.Allocate(errors, ends, (long)bitCount * _dimension);

        // Coordinates are dealt out so that those of large variance spread over the bytes, whose sums then are alike.
        int groupCount = Math.Max(1, _dimension / 24);
        int[] order = [.. Enumerable.Range(0, _dimension).OrderBy(k => k % groupCount).ThenBy(k => k / groupCount)];
        double[] rotation = new double[vectors.Length];
        byte[] bits = new byte[_dimension];
        float[] amplitudes = new float[_dimension];
        for (int k = 0; k < _dimension; k++)
        {
            vectors.AsSpan(order[k] * _dimension, _dimension).CopyTo(rotation.AsSpan(k * _dimension));
            int segment = Array.FindIndex(ends, end => order[k] < end);
            bits[k] = (byte)allocation[segment];
            amplitudes[k] = GetAmplitude(deviations[segment], allocation[segment]);
        }

        return Create(mean, queryMean, rotation, bits, amplitudes);
    }

    // E⟨q - m, v⟩² for each direction: an error where queries do not vary does no harm. 1 when no queries are known.
    private double[] GetQueryPowers(double[] vectors, float[] queryMean)
    {
        double[] powers = new double[_dimension];
        if (queryMean.Length == 0)
        {
            powers.AsSpan().Fill(1);
            return powers;
        }

        float[] queries = Thin(sample.Queries, MaxQueryCount);
        double[] centered = new double[_dimension];
        for (int offset = 0; offset < queries.Length; offset += _dimension)
        {
            for (int k = 0; k < _dimension; k++)
            {
                centered[k] = (double)queries[offset + k] - queryMean[k];
            }

            for (int i = 0; i < _dimension; i++)
            {
                double part = RowOperations.Dot(vectors.AsSpan(i * _dimension, _dimension), centered);
                powers[i] += part * part;
            }
        }

        return powers;
    }

    private static float GetAmplitude(double deviation, int bits) =>
        bits == 0 ? 0 : (float)(GaussianSteps.Get(bits) * (deviation > 0 ? deviation : 1) * (1 << bits) / 4);

    private BitsModel Create(float[] mean, float[] queryMean, double[] rotation, byte[] bits, float[] amplitudes)
    {
        float[] transposed = new float[rotation.Length];
        for (int output = 0; output < _dimension; output++)
        {
            for (int input = 0; input < _dimension; input++)
            {
                transposed[(input * _dimension) + output] = (float)rotation[(output * _dimension) + input];
            }
        }

        return new BitsModel(mean, queryMean, transposed, bits, amplitudes);
    }

    // What depends on the rotation as it is stored, and on rows: how much the factor changes when fewer planes are read.
    private BitsModel Finish(BitsModel model, float[] centeredRows)
    {
        double[] ratios = new double[model.PlaneCount];
        BitsEncoder encoder = new(model);
        float[] zero = new float[_dimension];
        float[] some = Thin(centeredRows, 512);
        for (int offset = 0; offset < some.Length; offset += _dimension)
        {
            EncodedRow row = encoder.Encode(some.AsSpan(offset, _dimension), zero);
            for (int count = 1; count <= model.PlaneCount; count++)
            {
                double dot = GetDot(model, encoder, count);
                ratios[count - 1] += dot > 0 ? row.Dot / dot : 1;
            }
        }

        return new BitsModel(model.Mean, model.QueryMean, model.Rotation, model.BitCounts, model.Amplitudes)
        {
            PlaneFactors = [.. ratios.Select((ratio, i) => i == ratios.Length - 1 ? 1f : (float)(ratio / (some.Length / _dimension)))],
            OrthogonalityError = Rounding.Up(Orthogonality.MeasureError(model.Rotation, _dimension, sample.Threads, cancellationToken)),
        };
    }

    // ⟨z, ẑ⟩ when only the first planes are read.
    private static double GetDot(BitsModel model, BitsEncoder encoder, int planeCount)
    {
        double sum = 0;
        for (int k = 0; k < model.Dimension; k++)
        {
            int bits = model.BitCounts[k];
            if (bits > 0)
            {
                int used = Math.Min(bits, planeCount);
                int code = ((int)encoder.Levels[k] + (1 << bits) - 1) >> 1;
                int level = (2 * (code >> (bits - used))) + 1 - (1 << used);
                sum += (double)encoder.Rotated[k] * model.Amplitudes[k] * level / (1 << (used - 1));
            }
        }

        return sum;
    }
}
