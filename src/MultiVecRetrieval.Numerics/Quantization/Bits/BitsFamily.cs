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
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        int bitCount = GetBitCount(spec);
        CodecArguments.CheckSample(spec, sample, minRowCount: 1);
        if (sample.Dimension > BitsModel.MaxDimension)
        {
            throw new ArgumentException($"{spec} takes up to {BitsModel.MaxDimension} dimensions, the sample has {sample.Dimension}.", nameof(sample));
        }

        return new BitsTraining(spec, sample, bitCount, cancellationToken).Run();
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
            : throw new ArgumentException($"'{spec}' is no codec of this family: bits:N takes N from 1 to {BitsModel.MaxBitCount}.", nameof(spec));
}
