using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>A tier of an index per segment: it finds candidates.</summary>
internal sealed class IndexMethod(IndexTier index) : TierMethod
{
    public IndexTier Index { get; } = index;

    public override bool ScoresEntries => false;

    public override bool HasUpperBounds => false;

    public override bool IsDivisible => false;

    public override bool HasScreens => false;

    public override TierFileRecord Build(
        CodesBuilder builder, SegmentReader reader, TierRecord tier, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken) => builder.Index(reader, tier, Index, progress, cancellationToken);

    public override void Verify(CodesReader reader, CancellationToken cancellationToken) => reader.VerifyIndex(Index);
}
