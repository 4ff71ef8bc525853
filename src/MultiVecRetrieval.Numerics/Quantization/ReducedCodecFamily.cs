using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>Codecs behind a reduction: <c>reduction/codec</c>, for instance <c>ward:4/bits:2</c>. Their parameters are the inner
/// codec's.</summary>
internal sealed class ReducedCodecFamily : CodecFamily
{
    /// <summary>What separates the two parts of a spec; neither part uses it.</summary>
    public const char Separator = '/';

    /// <inheritdoc/>
    public override string Name => "reduction/codec";

    /// <inheritdoc/>
    public override string Usage => "REDUCTION/CODEC, any reduction before any codec, as in ward:4/int8";

    /// <inheritdoc/>
    public override string Summary => "codes of fewer rows: each entry is reduced before it is encoded";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension)
    {
        (_, CodecSpec inner) = Split(spec);
        Codecs.FindFamily(inner).Check(inner, dimension);
    }

    /// <summary>True when the spec has a reduction.</summary>
    public static bool Accepts(CodecSpec spec) => spec.ToString().Contains(Separator, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        (RowReducer reducer, CodecSpec inner) = Split(spec);
        return new ReducedCodec(spec, reducer, Codecs.FindFamily(inner).Train(inner, sample, cancellationToken));
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        (RowReducer reducer, CodecSpec inner) = Split(spec);
        return new ReducedCodec(spec, reducer, Codecs.FindFamily(inner).Read(inner, dimension, parameters));
    }

    private static (RowReducer Reducer, CodecSpec Inner) Split(CodecSpec spec)
    {
        string[] parts = spec.ToString().Split(Separator);
        if (parts is not [{ Length: > 0 } reduction, { Length: > 0 } codec])
        {
            throw new SpecException("codec", spec.ToString(),
                $"expected a reduction and a codec with one '{Separator}' between them, as in ward:4/int8.");
        }

        RowReducer reducer = Reductions.Parse(reduction);
        return reducer.NeedsSaliency
            ? throw new SpecException("codec", spec.ToString(),
                "it needs the attention of the encoder, which stored rows do not have; choose another importance, as in saliency:3,by=distance/int8.")
            : (reducer, CodecSpec.Parse(codec));
    }
}
