using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>A tier of codes: every entry is scored by them.</summary>
internal sealed class CodecMethod(EntryCodec codec) : TierMethod
{
    public override EntryCodec Codec { get; } = codec;

    public override List<ScoredId>? Find(CodesReader reader, MultiVector query, int budget, ReadOnlySpan<ulong> wanted) => null;

    public override TierFileRecord Build(
        CodesBuilder builder, SegmentReader reader, TierRecord tier, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken) => builder.Encode(reader, tier, Codec, progress, cancellationToken);

    public override void Verify(CodesReader reader, CancellationToken cancellationToken) => reader.Verify(Codec, cancellationToken);
}
