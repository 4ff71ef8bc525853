namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary><c>bits:N</c>, N bits per dimension on average; what may follow N changes how a query meets them, not what is stored.</summary>
internal sealed class BitsFamily : CodecFamily
{
    /// <inheritdoc/>
    public override string Name => "bits";

    /// <inheritdoc/>
    public override string Usage => "bits:N, bits:N-symmetric or bits:N-hamming, N from 1 to 8 bits per dimension";

    /// <inheritdoc/>
    public override string Summary => "nested bit-planes, more of them where rows vary more";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension)
    {
        BitsArgument.Parse(spec);
        if (dimension > BitsModel.MaxDimension)
        {
            throw new SpecException("codec", spec.ToString(), $"it takes rows of d up to {BitsModel.MaxDimension}, these have {dimension}.");
        }
    }

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sample);
        Check(spec, sample.Dimension);
        CodecArguments.CheckSample(spec, sample, minRowCount: 1);
        return new BitsTraining(spec, sample, BitsArgument.Parse(spec).BitCount, cancellationToken).Run();
    }

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters)
    {
        BitsArgument.Parse(spec);
        return new BitsCodec(spec, BitsModel.Read(dimension, parameters));
    }
}
