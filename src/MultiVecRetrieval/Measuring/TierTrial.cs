using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Measuring;

/// <summary>One tier tried on the sampled entries: trained, built, and asked every query.</summary>
internal abstract class TierTrial : IDisposable
{
    public double TrainSeconds { get; protected set; }

    public double BuildMsPerEntry { get; protected set; }

    public double BytesPerEntry { get; protected set; }

    public static TierTrial Create(string tier) => IndexTier.Accepts(tier) ? new IndexTrial() : new CodecTrial();

    /// <exception cref="ArgumentException">The tier is unknown or cannot be trained on this sample; the message says why.</exception>
    public abstract void Build(string tier, SampledRows rows, IReadOnlyList<MultiVector> queries, int seed,
        CancellationToken cancellationToken);

    /// <summary>Per query, the ranks of its best entries, from 0: within more candidates than that each is found.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="tops">The best entries of each.</param>
    /// <param name="budgets">Budgets that matter, ascending.</param>
    /// <param name="cancellationToken">Stops.</param>
    public abstract List<int[]> Rank(
        IReadOnlyList<MultiVector> queries, IReadOnlyList<ExactTop> tops, IReadOnlyList<int> budgets, CancellationToken cancellationToken);

    /// <summary>Milliseconds of finding that many candidates for one query, per entry that is searched; the median query of the last
    /// <see cref="Rank"/>.</summary>
    public abstract double GetMsPerEntry(int budget);

    public virtual void Dispose()
    {
    }
}
