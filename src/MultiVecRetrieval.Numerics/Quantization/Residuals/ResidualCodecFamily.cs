using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>Centroid and residual: <c>residual:2</c> and <c>residual:4</c>, or <c>residual:2x1024</c> with the number of
/// centroids.</summary>
internal sealed class ResidualCodecFamily : CodecFamily
{
    private const int MaxCentroidCount = 65_536;
    private const int MaxDefaultCentroidCount = 4_096;
    private const int MinRowsPerCentroid = 16;
    private const int Iterations = 6;
    private const int LevelSampleRowCount = 32_768;
    private const int HeaderSize = 2 * sizeof(int);

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
            sample.Dimension, sample.Rows, count,
            new KMeansOptions { IsSpherical = false, Iterations = Iterations, Seed = sample.Seed, Threads = sample.Threads },
                cancellationToken);
        ResidualTraining training = new(sample.Dimension, GetResiduals(sample, centroids), sample.Threads, cancellationToken);
        ResidualModel model = training.Run(bits, Thin(sample.Queries.Length > 0 ? sample.Queries : sample.Rows, sample.Dimension));
        return new ResidualCodec(spec, sample.Dimension, centroids, bits, model);
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        (int bits, int? requested) = ParseArgument(spec);
        CheckDimension(spec, dimension, bits);
        if (parameters.Length < HeaderSize || MemoryMarshal.Read<int>(parameters) != ResidualCodec.Version)
        {
            throw new InvalidDataException(
                $"The {parameters.Length} parameter bytes of {spec} are not of version {-ResidualCodec.Version}, the only one that is read: train the codec again.");
        }

        int count = MemoryMarshal.Read<int>(parameters[sizeof(int)..]);
        long singleCount = ((long)count + dimension + 1) * dimension;
        long size = HeaderSize + (singleCount * sizeof(float)) + dimension;
        if (count is < 1 or > MaxCentroidCount || (requested is int k && k != count) || parameters.Length < size)
        {
            throw new InvalidDataException(
                $"{parameters.Length} bytes are no parameters of {spec} with d = {dimension} and {count} centroids.");
        }

        byte[] bitCounts = parameters.Slice(HeaderSize + ((int)singleCount * sizeof(float)), dimension).ToArray();
        int codeCount = ResidualPart.GetCodeCount(bits * dimension);
        if (bitCounts.Max() > ResidualModel.MaxBitCount || bitCounts.Sum(bitCount => bitCount) > bits * dimension
            || parameters.Length != size + (ResidualPart.Divide(bitCounts, codeCount).Sum(part => part.LevelCount) * sizeof(float)))
        {
            throw new InvalidDataException(
                $"{parameters.Length} bytes are no parameters of {spec} with {bitCounts.Sum(bitCount => bitCount)} bits a row, {bitCounts.Max()} in one coordinate.");
        }

        float[] singles = MemoryMarshal.Cast<byte, float>(parameters.Slice(HeaderSize, (int)singleCount * sizeof(float))).ToArray();
        float[] levels = MemoryMarshal.Cast<byte, float>(parameters[(int)size..]).ToArray();
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(singles)) || !float.IsFinite(TensorPrimitives.MaxMagnitude<float>(levels)))
        {
            throw new InvalidDataException($"The parameters of {spec} have a value that is NaN or infinite.");
        }

        foreach (ResidualPart part in ResidualPart.Divide(bitCounts, codeCount))
        {
            for (int level = part.FirstLevel + 1; level < part.FirstLevel + part.LevelCount; level++)
            {
                if (levels[level] < levels[level - 1])
                {
                    throw new InvalidDataException($"The levels of {spec} do not ascend at {level}.");
                }
            }
        }

        int rotationOffset = count * dimension;
        int deviationsOffset = rotationOffset + (dimension * dimension);
        ResidualModel model = new(singles[rotationOffset..deviationsOffset], bitCounts, codeCount, singles[deviationsOffset..], levels);
        return new ResidualCodec(spec, dimension, singles[..rotationOffset], bits, model);
    }

    // PLAID's 16 √N, to a power of two, for the N rows of the sample. Many centroids keep rows of the same word or patch apart, which is
    // what the first places of a ranking depend on: on rows outside of the sample, of equal cosine to a query, 1,024 centroids of 60 rows
    // each left errors of 0.0025 (standard deviation, 2 bits), 4,096 of 15 rows 0.0013. Rows that no centroid is near are not harmed, since
    // each has a scale.
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
            || (parts.Length == 2
                && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out count)
                && count is >= 1 and <= MaxCentroidCount)))
        {
            throw new CodecSpecException(spec,
                $"residual:B and residual:BxK take B = 2 or 4 bits and K from 1 to {MaxCentroidCount} centroids");
        }

        return (parts[0] == "2" ? 2 : 4, parts.Length == 2 ? count : null);
    }

    private static float[] GetResiduals(TrainingSample sample, float[] centroids)
    {
        int d = sample.Dimension;
        float[] rows = Thin(sample.Rows, d);
        int rowCount = rows.Length / d;
        int[] ids = new int[rowCount];
        new Centroids(d, centroids, isSpherical: false).FindNearest(rows, ids);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] -= centroids[(ids[i / d] * d) + (i % d)];
        }

        return rows;
    }

    // Rows at even steps: a sample is often one page after the other. A copy.
    private static float[] Thin(float[] source, int dimension)
    {
        int rowCount = Math.Min(source.Length / dimension, LevelSampleRowCount);
        float[] rows = new float[rowCount * dimension];
        for (int row = 0; row < rowCount; row++)
        {
            source.AsSpan((int)((long)row * (source.Length / dimension) / rowCount) * dimension, dimension)
                .CopyTo(rows.AsSpan(row * dimension));
        }

        return rows;
    }
}
