using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>Fixed dimensional encodings of bytes: <c>fde</c>, or <c>fde:20x5x16</c> with repetitions, bits and projected
/// dimensions.</summary>
internal sealed class FixedDimensionalCodecFamily : CodecFamily
{
    /// <inheritdoc/>
    public override string Name => "fde";

    /// <inheritdoc/>
    public override string Usage => "fde or fde:RxKxP (R repetitions of 2^K buckets of P dimensions; R 2^K P bytes an entry)";

    /// <inheritdoc/>
    public override string Summary => "one vector an entry, by random planes and projections (MUVERA)";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension) => FixedDimensionalShape.Parse(spec);

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        CodecArguments.CheckSample(spec, sample, minRowCount: 0);
        FixedDimensionalShape shape = FixedDimensionalShape.Parse(spec);
        Random random = new(sample.Seed);
        float[] planes = NormalValues.Draw(random, shape.Repetitions * shape.Bits * sample.Dimension);
        sbyte[] signs = new sbyte[shape.Repetitions * shape.Projected * sample.Dimension];
        for (int i = 0; i < signs.Length; i++)
        {
            signs[i] = (sbyte)((random.Next(2) * 2) - 1);
        }

        return new FixedDimensionalCodec(spec, sample.Dimension, shape, planes, signs);
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        FixedDimensionalShape shape = FixedDimensionalShape.Parse(spec);
        long planesSize = (long)shape.Repetitions * shape.Bits * dimension * sizeof(float);
        long signCount = (long)shape.Repetitions * shape.Projected * dimension;
        if (parameters.Length != planesSize + signCount)
        {
            throw new InvalidDataException(
                $"The parameters of {spec} with d = {dimension} take {planesSize + signCount} bytes, {parameters.Length} were given.");
        }

        float[] planes = MemoryMarshal.Cast<byte, float>(parameters[..(int)planesSize]).ToArray();
        sbyte[] signs = MemoryMarshal.Cast<byte, sbyte>(parameters[(int)planesSize..]).ToArray();
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(planes)) || signs.AsSpan().ContainsAnyExcept((sbyte)1, (sbyte)-1))
        {
            throw new InvalidDataException(
                $"The parameters of {spec} have a hyperplane that is not finite or a sign that is neither 1 nor -1.");
        }

        return new FixedDimensionalCodec(spec, dimension, shape, planes, signs);
    }
}
