using System.Buffers.Binary;
using MultiVecRetrieval.Numerics.Clustering;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>What training a code family finds: one codebook, and perhaps one of residuals.</summary>
/// <param name="First">Spherical: the code of a row.</param>
/// <param name="Residual">By distance: the code of what <paramref name="First"/> leaves. Null without.</param>
internal sealed record CodeParameters(Codebook First, Codebook? Residual)
{
    private const int Version = 1;
    private const int HeaderSize = 4 * sizeof(int);

    // Many centroids take long to train and each needs fewer rows to be good enough for a candidate stage.
    private const int ManyCentroids = 1_024;
    private const int MaxRowsPerCentroidOfMany = 64;

    /// <summary>Trains what <paramref name="argument"/> asks for.</summary>
    public static CodeParameters Train(CodecSpec spec, CodeArgument argument, TrainingSample sample, CancellationToken cancellationToken)
    {
        CodecArguments.CheckSample(spec, sample, Math.Max(argument.Count, argument.ResidualCount));
        KMeansOptions options = GetOptions(sample, argument.Count);
        float[] values = KMeans.Train(sample.Dimension, sample.Rows, argument.Count, options, cancellationToken);
        Codebook first =
            new(sample.Dimension, CodeIds.Arrange(sample.Dimension, values, sample.Seed, cancellationToken), isSpherical: true);
        if (argument.ResidualCount == 0)
        {
            return new CodeParameters(first, null);
        }

        options = GetOptions(sample, argument.ResidualCount);
        ReadOnlyMemory<float> rows = KMeans.TakeSample(
            sample.Rows, sample.Dimension, (long)options.MaxRowsPerCentroid * argument.ResidualCount, sample.Seed);
        float[] residuals = first.GetResiduals(rows.Span, first.Encode(rows.Span));
        float[] residualCentroids = KMeans.Train(
            sample.Dimension, residuals, argument.ResidualCount, options with { IsSpherical = false }, cancellationToken);
        return new CodeParameters(first, new Codebook(sample.Dimension, residualCentroids, isSpherical: false));
    }

    /// <summary>Writes: int32 version, d, K, K2; then the centroids.</summary>
    public byte[] Write()
    {
        int residualCount = Residual?.Count ?? 0;
        byte[] bytes = new byte[HeaderSize + ((First.Count + residualCount) * First.Dimension * sizeof(float))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), First.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), First.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), residualCount);
        First.Write(bytes.AsSpan(HeaderSize));
        Residual?.Write(bytes.AsSpan(HeaderSize + (First.Count * First.Dimension * sizeof(float))));
        return bytes;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not that, or of another argument.</exception>
    public static CodeParameters Read(CodeArgument argument, int dimension, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
        {
            throw new InvalidDataException($"Parameters of {bytes.Length} bytes have no header of {HeaderSize}.");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        int d = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        int residualCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (version != Version || d != dimension || count != argument.Count || residualCount != argument.ResidualCount)
        {
            throw new InvalidDataException(
                $"Expected parameters of version {Version}, d = {dimension}, K = {argument.Count}, K2 = {argument.ResidualCount}; "
                + $"found version {version}, d = {d}, K = {count}, K2 = {residualCount}.");
        }

        long firstSize = (long)count * dimension * sizeof(float);
        long size = HeaderSize + firstSize + ((long)residualCount * dimension * sizeof(float));
        if (bytes.Length != size)
        {
            throw new InvalidDataException($"The parameters take {size} bytes, {bytes.Length} were given.");
        }

        Codebook first = Codebook.Read(dimension, bytes.Slice(HeaderSize, (int)firstSize), isSpherical: true);
        return new CodeParameters(
            first, residualCount == 0 ? null : Codebook.Read(dimension, bytes[(HeaderSize + (int)firstSize)..], isSpherical: false));
    }

    private static KMeansOptions GetOptions(TrainingSample sample, int count)
    {
        KMeansOptions options = new() { Seed = sample.Seed, Threads = sample.Threads };
        return count > ManyCentroids ? options with { MaxRowsPerCentroid = MaxRowsPerCentroidOfMany } : options;
    }
}
