namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>The set of the codes of an entry's rows: <c>codeset:K</c>.</summary>
/// <remarks>
/// A maximum over rows does not see how often a code occurs, nor where: with the same seed and sample the scores are those of
/// <c>codes:K</c>, bit for bit. Up to 256 centroids an entry is K bits however many rows it has, stored bit-sliced; above that, the sorted
/// distinct codes, two bytes each.
/// </remarks>
internal sealed class CodeSetFamily : CodecFamily
{
    /// <inheritdoc/>
    public override string Name => "codeset";

    /// <inheritdoc/>
    public override string Usage
        => "codeset:K or codeset:K-hamming (2 to 256 centroids: K bits an entry; to 65536: two bytes per distinct code; default 256)";

    /// <inheritdoc/>
    public override string Summary => "the set of the centroids of an entry's rows, K bits an entry";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension) => CodeArgument.Parse(spec, allowsResidual: false);

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken) =>
        Create(spec, CodeParameters.Train(spec, CodeArgument.Parse(spec, allowsResidual: false), sample, cancellationToken));

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters) =>
        Create(spec, CodeParameters.Read(CodeArgument.Parse(spec, allowsResidual: false), dimension, parameters));

    private static EntryCodec Create(CodecSpec spec, CodeParameters parameters) => parameters.First.Count <= Codebook.MaxByteCount
        ? new SlicedSetCodec(spec, parameters)
        : new CodeListCodec(spec, parameters);
}
