using System.Globalization;
using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Products;

/// <summary>Product quantisation: <c>pq:16x8</c> cuts a row into 16 parts of 8 bits each.</summary>
internal sealed class ProductCodecFamily : CodecFamily
{
    /// <inheritdoc/>
    public override string Name => "pq";

    /// <inheritdoc/>
    public override string Usage => "pq:MxB (M parts of B = 4 or 8 bits, for instance pq:16x8 or pq:64x4)";

    /// <inheritdoc/>
    public override string Summary => "product quantisation: each part of a row is one of 16 or 256 centroids";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension) => ParseArgument(spec, dimension);

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sample);
        (int partCount, int bits) = ParseArgument(spec, sample.Dimension);
        CodecArguments.CheckSample(spec, sample, 1 << bits);
        return Create(spec, ProductCodebooks.Train(sample, partCount, 1 << bits, cancellationToken));
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        (int partCount, int bits) = ParseArgument(spec, dimension);
        return Create(spec, ProductCodebooks.Read(spec, dimension, partCount, 1 << bits, parameters));
    }

    private static EntryCodec Create(CodecSpec spec, ProductCodebooks codebooks) =>
        codebooks.CodeCount == NibbleLayout.CodeCount ? new NibbleProductCodec(spec, codebooks) : new ByteProductCodec(spec, codebooks);

    private static (int PartCount, int Bits) ParseArgument(CodecSpec spec, int dimension)
    {
        string[] parts = spec.Argument.Split('x');
        int partCount = 0;
        bool isValid = parts.Length == 2 && parts[1] is "4" or "8"
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out partCount);
        int largest = Math.Min(dimension, TableRounding.MaxTableCount);
        return isValid && partCount >= 1 && partCount <= largest
            ? (partCount, parts[1][0] - '0')
            : throw spec.Refuse(
                $"pq:MxB takes M from 1 to {largest} parts of rows of d = {dimension}, and B = 4 or 8 bits");
    }
}
