using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>A tier of codes: every entry is scored by them.</summary>
internal sealed class CodecMethod(EntryCodec codec) : TierMethod
{
    public EntryCodec Codec { get; } = codec;

    public override bool ScoresEntries => true;

    public override bool HasUpperBounds => Codec.HasUpperBounds;

    public override bool IsDivisible => Codec.IsDivisible;

    public override bool HasScreens => Codec.HasScreens;

    public override TierFileRecord Build(
        CodesBuilder builder, SegmentReader reader, TierRecord tier, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken) => builder.Encode(reader, tier, Codec, progress, cancellationToken);

    public override void Verify(CodesReader reader, CancellationToken cancellationToken) => reader.Verify(Codec, cancellationToken);
}
