using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>A tier of an index per segment: it finds candidates.</summary>
internal sealed class IndexMethod(IndexTier index) : TierMethod
{
    public override EntryCodec? Codec => null;

    /// <summary>See <see cref="IndexTier.GetMaxBudget"/>.</summary>
    public int GetMaxBudget(int entryCount) => index.GetMaxBudget(entryCount);

    public override List<ScoredId>? Find(CodesReader reader, MultiVector query, int budget, ReadOnlySpan<ulong> wanted) =>
        reader.GetIndex(index)?.Find(query, budget, wanted);

    public override TierFileRecord Build(
        CodesBuilder builder, SegmentReader reader, TierRecord tier, IProgress<MaintenanceProgress>? progress,
        CancellationToken cancellationToken) => builder.Index(reader, tier, index, progress, cancellationToken);

    public override void Verify(CodesReader reader, CancellationToken cancellationToken) => reader.VerifyIndex(index);
}
