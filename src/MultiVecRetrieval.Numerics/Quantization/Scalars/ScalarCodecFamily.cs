using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Scalars;

/// <summary>Rows value by value in one <see cref="RowFormat"/>: the exact tier, and what other codecs are compared with.</summary>
internal sealed class ScalarCodecFamily(RowFormat format) : CodecFamily
{
    /// <inheritdoc/>
    public override string Name { get; } = GetName(format);

    /// <inheritdoc/>
    public override string Usage => Name;

    /// <inheritdoc/>
    public override string Summary => format switch
    {
        RowFormat.Float32 => "the values as they are, 4 bytes each",
        RowFormat.Float16 => "values of half precision, 2 bytes each",
        _ => "values of one byte with a scale per row",
    };

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension)
    {
        if (spec.Argument.Length > 0)
        {
            throw spec.Refuse($"{Name} takes no argument");
        }
    }

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        CodecArguments.CheckSample(spec, sample, minRowCount: 0);
        return Create(spec, sample.Dimension);
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters) =>
        parameters.IsEmpty
            ? Create(spec, dimension)
            : throw new InvalidDataException($"{Name} has no parameters, {parameters.Length} bytes were given.");

    private static string GetName(RowFormat format) => format switch
    {
        RowFormat.Float32 => "float32",
        RowFormat.Float16 => "float16",
        _ => "int8",
    };

    private ScalarCodec Create(CodecSpec spec, int dimension)
    {
        Check(spec, dimension);
        return new ScalarCodec(spec, dimension, format);
    }
}
