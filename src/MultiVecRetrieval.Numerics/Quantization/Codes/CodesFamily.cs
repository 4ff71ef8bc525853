namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>One code per row, or two: <c>codes:K</c> and <c>codes:KxK2</c>; <c>codes:K-hamming</c> compares ids.</summary>
/// <remarks>
/// A code takes one byte up to 256 centroids, 1/512 of a row of 128 float32; above that two bytes, 1/256. A second code names the centroid
/// of what the first leaves. Codes of rows keep their order, so that a place can be told; where only scores matter,
/// <see cref="CodeSetFamily"/> says the same in fewer bytes. With 256 centroids a cell is much coarser than a word: a candidate stage,
/// never a final score.
/// </remarks>
internal sealed class CodesFamily : CodecFamily
{
    /// <inheritdoc/>
    public override string Name => "codes";

    /// <inheritdoc/>
    public override string Usage
        => "codes:K, codes:KxK2 or codes:K-hamming (2 to 256 centroids: one byte a row; to 65536: two bytes; default 256)";

    /// <inheritdoc/>
    public override string Summary => "the nearest centroid of each row, one or two bytes";

    /// <inheritdoc/>
    public override void Check(CodecSpec spec, int dimension) => CodeArgument.Parse(spec, allowsResidual: true);

    /// <inheritdoc/>
    public override EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken) =>
        new CodesCodec(spec, CodeParameters.Train(spec, CodeArgument.Parse(spec, allowsResidual: true), sample, cancellationToken));

    /// <inheritdoc/>
    public override EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters) =>
        new CodesCodec(spec, CodeParameters.Read(CodeArgument.Parse(spec, allowsResidual: true), dimension, parameters));
}
