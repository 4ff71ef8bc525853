using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tiers;

/// <summary>The index of the entries of one segment, where it lies. Thread-safe.</summary>
internal abstract class SegmentIndex : IDisposable
{
    /// <summary>Finds wanted entries, each once, with scores that compare across the segments of a space.</summary>
    /// <param name="query">The query.</param>
    /// <param name="budget">Entries to find at least, if there are as many.</param>
    /// <param name="wanted">A bit per entry that may be found, entry i at bit i mod 64 of word i / 64; empty when all may.</param>
    /// <returns>The entries found, in no particular order.</returns>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public abstract List<ScoredId> Find(MultiVector query, int budget, ReadOnlySpan<ulong> wanted);

    public abstract void Dispose();
}
