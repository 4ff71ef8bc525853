using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>Centroid and residual: <c>residual:2</c> and <c>residual:4</c>, or <c>residual:2x1024</c> with the number of centroids.</summary>
internal sealed class ResidualCodecFamily : CodecFamily
{
    private const int MaxCentroidCount = 65_536;
    private const int MaxDefaultCentroidCount = 4_096;
    private const int MinRowsPerCentroid = 64;
    private const int LevelSampleRowCount = 32_768;

    /// <inheritdoc/>
    public override string Name => "residual";

    /// <inheritdoc/>
    public override string Usage => "residual:B or residual:BxK (B = 2 or 4 bits a dimension, K centroids up to 65536)";

    /// <inheritdoc/>
    public override string Summary => "the nearest centroid of a row, and what is left in few bits";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension) => CheckDimension(spec, dimension, ParseArgument(spec).Bits);

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        (int bits, int? requested) = ParseArgument(spec);
        CodecArguments.CheckSample(spec, sample, requested ?? 1);
        CheckDimension(spec, sample.Dimension, bits);
        int count = requested ?? GetDefaultCount(sample.RowCount);
        float[] centroids = KMeans.Train(
            sample.Dimension, sample.Rows, count, new KMeansOptions { IsSpherical = false, Seed = sample.Seed, Threads = sample.Threads }, cancellationToken);
        float[] residuals = GetResiduals(sample, centroids);
        return new ResidualCodec(
            spec, sample.Dimension, centroids, ResidualLevels.Train(bits, sample.Dimension, residuals, sample.Threads, cancellationToken));
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        (int bits, int? requested) = ParseArgument(spec);
        CheckDimension(spec, dimension, bits);
        int count = parameters.Length < sizeof(int) ? 0 : MemoryMarshal.Read<int>(parameters);
        long levelCount = (long)dimension << bits;
        if (count is < 1 or > MaxCentroidCount || (requested is int k && k != count)
            || parameters.Length != sizeof(int) + ((((long)count * dimension) + levelCount) * sizeof(float)))
        {
            throw new InvalidDataException($"{parameters.Length} bytes are no parameters of {spec} with d = {dimension} and {count} centroids.");
        }

        float[] values = MemoryMarshal.Cast<byte, float>(parameters[sizeof(int)..]).ToArray();
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(values)))
        {
            throw new InvalidDataException($"The parameters of {spec} have a value that is NaN or infinite.");
        }

        float[] levels = values[(count * dimension)..];
        for (int i = 1; i < levels.Length; i++)
        {
            if (i % (1 << bits) != 0 && levels[i] < levels[i - 1])
            {
                throw new InvalidDataException($"The levels of {spec} do not ascend at {i}.");
            }
        }

        return new ResidualCodec(spec, dimension, values[..(count * dimension)], new ResidualLevels(bits, levels));
    }

    // PLAID's 16 √N, to a power of two, for the N rows of the sample. Centroids of few rows fit these and no others: at 16 rows each, pages that were
    // not in the sample kept 0.90 of their ten best with 4 bits, at 128 rows each 0.95.
    private static int GetDefaultCount(int rowCount)
    {
        int count = 1;
        while (count < MaxDefaultCentroidCount && 2 * count <= 16 * Math.Sqrt(rowCount) && 2L * count * MinRowsPerCentroid <= rowCount)
        {
            count *= 2;
        }

        return count;
    }

    private static void CheckDimension(CodecSpec spec, int dimension, int bits)
    {
        int largest = TableRounding.MaxTableCount * 4 / bits;
        if (dimension < 1 || dimension > largest)
        {
            throw new CodecSpecException(spec.ToString(), $"it takes rows of d from 1 to {largest}, these have {dimension}.");
        }
    }

    private static (int Bits, int? Count) ParseArgument(CodecSpec spec)
    {
        string[] parts = spec.Argument.Split('x');
        int count = 0;
        if (parts[0] is not ("2" or "4") || parts.Length > 2
            || (parts.Length == 2 && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MaxCentroidCount)))
        {
            throw new CodecSpecException(spec, $"residual:B and residual:BxK take B = 2 or 4 bits and K from 1 to {MaxCentroidCount} centroids");
        }

        return (parts[0] == "2" ? 2 : 4, parts.Length == 2 ? count : null);
    }

    private static float[] GetResiduals(TrainingSample sample, float[] centroids)
    {
        // Rows are taken at even steps: a sample is often one page after the other.
        int d = sample.Dimension;
        int rowCount = Math.Min(sample.RowCount, LevelSampleRowCount);
        float[] rows = new float[rowCount * d];
        for (int row = 0; row < rowCount; row++)
        {
            sample.Rows.AsSpan((int)((long)row * sample.RowCount / rowCount) * d, d).CopyTo(rows.AsSpan(row * d));
        }

        int[] ids = new int[rowCount];
        new Centroids(d, centroids, isSpherical: false).FindNearest(rows, ids);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] -= centroids[(ids[i / d] * d) + (i % d)];
        }

        return rows;
    }
}
