using System.Globalization;

namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary><c>bebr:N</c>: a learned head in front of <c>bits:N</c>. It is read here; MultiVecRetrieval.Training trains it.</summary>
internal sealed class BebrCodecFamily : CodecFamily
{
    public const string FamilyName = "bebr";

    public const int MaxBits = 4;

    /// <inheritdoc/>
    public override string Name => FamilyName;

    /// <inheritdoc/>
    public override string Usage => "bebr:BITS, BITS 1 to 4, from 'mvr binarizer train'";

    /// <inheritdoc/>
    public override string Summary => "bits behind a small network that is trained to keep the ranking";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension)
    {
        CheckBits(spec);
        throw spec.Refuse(
            "a learned head is trained by itself: 'mvr binarizer train' writes one, 'mvr binarizer apply' makes a tier of it");
    }

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        Check(spec, sample.Dimension);
        throw new InvalidOperationException("A learned head is never trained here.");
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        CheckBits(spec);
        return BebrCodec.Read(spec, dimension, parameters);
    }

    private static void CheckBits(CodecSpec spec)
    {
        if (!int.TryParse(spec.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || bits is < 1 or > MaxBits)
        {
            throw spec.Refuse($"bebr:BITS takes BITS from 1 to {MaxBits}");
        }
    }
}
