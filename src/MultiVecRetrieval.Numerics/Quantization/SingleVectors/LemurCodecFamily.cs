using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>Least squares on random features: <c>lemur</c>, or <c>lemur:1024</c> with the number of features.</summary>
internal sealed class LemurCodecFamily : CodecFamily
{
    private const int DefaultCount = 1_024;
    private const int MaxCount = 4_096;
    private const int SampleRowsPerFeature = 8;
    private const int MaxSampleRowCount = 16_384;

    // Keeps the factor definite when there are hardly more rows than features, and is far below what bytes resolve.
    private const double RelativeRidge = 1e-3;

    /// <inheritdoc/>
    public override string Name => "lemur";

    /// <inheritdoc/>
    public override string Usage => "lemur or lemur:H (H features, up to 4096; H bytes an entry)";

    /// <inheritdoc/>
    public override string Summary => "one vector an entry, fitted to scores by least squares on random features (LEMUR)";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension) => ParseArgument(spec);

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        int count = ParseArgument(spec);
        CodecArguments.CheckSample(spec, sample, minRowCount: 2);
        float[] rows = GetSample(sample, Math.Min(MaxSampleRowCount, SampleRowsPerFeature * count));
        float[] weights = NormalValues.Draw(new Random(sample.Seed), count * sample.Dimension);
        LemurFeatures features = LemurFeatures.Create(sample.Dimension, weights, rows);
        Cholesky factor = Cholesky.Factor(features.Compute(rows), count, RelativeRidge, sample.Threads, cancellationToken);
        return new LemurCodec(spec, sample.Dimension, features, rows, factor);
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        int count = ParseArgument(spec);
        int rowCount = parameters.Length < sizeof(int) ? 0 : MemoryMarshal.Read<int>(parameters);
        long singleCount = ((long)count * dimension) + count + ((long)rowCount * dimension);
        long size = sizeof(int) + (singleCount * sizeof(float)) + (Cholesky.GetLength(count) * sizeof(double));
        if (rowCount is < 1 or > MaxSampleRowCount || parameters.Length != size)
        {
            throw new InvalidDataException(
                $"{parameters.Length} bytes are no parameters of {spec} with d = {dimension} and {rowCount} sample rows.");
        }

        int factorOffset = sizeof(int) + (int)(singleCount * sizeof(float));
        float[] singles = MemoryMarshal.Cast<byte, float>(parameters[sizeof(int)..factorOffset]).ToArray();
        double[] factor = MemoryMarshal.Cast<byte, double>(parameters[factorOffset..]).ToArray();
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(singles))
            || !double.IsFinite(TensorPrimitives.MaxMagnitude<double>(factor)))
        {
            throw new InvalidDataException($"The parameters of {spec} have a value that is NaN or infinite.");
        }

        int meanOffset = count * dimension;
        LemurFeatures features = new(dimension, singles[..meanOffset], singles[meanOffset..(meanOffset + count)]);
        return new LemurCodec(spec, dimension, features, singles[(meanOffset + count)..], new Cholesky(count, factor));
    }

    private static int ParseArgument(CodecSpec spec)
    {
        int count = DefaultCount;
        return spec.Argument.Length == 0
            || (int.TryParse(spec.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MaxCount)
            ? count
            : throw spec.Refuse($"lemur:H takes H from 1 to {MaxCount} features");
    }

    // Queries are what the function is asked about; where there are too few, rows stand in.
    private static float[] GetSample(TrainingSample sample, int count)
    {
        int queryCount = Math.Min(count, sample.Queries.Length / sample.Dimension);
        int rowCount = Math.Min(count - queryCount, sample.RowCount);
        float[] rows = new float[(queryCount + rowCount) * sample.Dimension];
        Take(sample.Queries, sample.Dimension, queryCount, rows);
        Take(sample.Rows, sample.Dimension, rowCount, rows.AsSpan(queryCount * sample.Dimension));
        return rows;
    }

    private static void Take(ReadOnlySpan<float> source, int dimension, int count, Span<float> target)
    {
        for (int row = 0; row < count; row++)
        {
            int index = (int)((long)row * (source.Length / dimension) / count);
            source.Slice(index * dimension, dimension).CopyTo(target[(row * dimension)..]);
        }
    }
}
