using System.Globalization;
using MultiVecRetrieval.Numerics.Quantization.Learning;

namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary><c>bebr:N</c>: a learned head in front of <c>bits:N</c>, trained from vectors alone here and from pairs by
/// <see cref="BinarizerTrainer"/>.</summary>
internal sealed class BebrCodecFamily : CodecFamily
{
    public const string FamilyName = "bebr";

    /// <inheritdoc/>
    public override string Name => FamilyName;

    /// <inheritdoc/>
    public override string Usage => "bebr:BITS, BITS 1 to 4";

    /// <inheritdoc/>
    public override string Summary => "bits behind a small network that is trained to keep the ranking";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension) => ParseBits(spec);

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        CodecArguments.CheckSample(spec, sample, minRowCount: 200);
        BinarizerOptions options = new() { Bits = ParseBits(spec), Seed = sample.Seed, Threads = sample.Threads };
        BinarizerSample rows = new() { Dimension = sample.Dimension, Documents = sample.Rows, Queries = sample.Queries };
        return BinarizerTrainer.Train(rows, options, null, cancellationToken).Codec;
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        ParseBits(spec);
        return BebrCodec.Read(spec, dimension, parameters);
    }

    private static int ParseBits(CodecSpec spec) =>
        int.TryParse(spec.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            && bits is >= 1 and <= RecurrentQuantizer.MaxBits
            ? bits
            : throw new CodecSpecException(spec, $"bebr:BITS takes BITS from 1 to {RecurrentQuantizer.MaxBits}");
}
