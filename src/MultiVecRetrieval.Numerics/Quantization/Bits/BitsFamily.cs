using System.Globalization;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary><c>bits:N</c>, N bits per dimension on average.</summary>
internal sealed class BitsFamily : CodecFamily
{
    /// <inheritdoc/>
    public override string Name => "bits";

    /// <inheritdoc/>
    public override string Usage => "bits:N, N from 1 to 8 bits per dimension";

    /// <inheritdoc/>
    public override string Summary => "nested bit-planes, more of them where rows vary more";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension)
    {
        GetBitCount(spec);
        if (dimension > BitsModel.MaxDimension)
        {
            throw new CodecSpecException(spec.ToString(), $"it takes rows of d up to {BitsModel.MaxDimension}, these have {dimension}.");
        }
    }

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sample);
        Check(spec, sample.Dimension);
        CodecArguments.CheckSample(spec, sample, minRowCount: 1);
        return new BitsTraining(spec, sample, GetBitCount(spec), cancellationToken).Run();
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        GetBitCount(spec);
        return new BitsCodec(spec, BitsModel.Read(dimension, parameters));
    }

    private static int GetBitCount(CodecSpec spec) =>
        int.TryParse(spec.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out int bitCount) && bitCount is >= 1 and <= BitsModel.MaxBitCount
            ? bitCount
            : throw new CodecSpecException(spec, $"bits:N takes N from 1 to {BitsModel.MaxBitCount} bits per dimension");
}
