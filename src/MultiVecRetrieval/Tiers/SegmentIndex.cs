using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Search;

namespace MultiVecRetrieval.Tiers;

/// <summary>The index of one segment, in its mapped file. Thread-safe.</summary>
internal abstract class SegmentIndex : IDisposable
{
    /// <summary>Adds wanted entries by their positions in the layout, each once, with scores that compare across the segments of a space.</summary>
    /// <param name="query">The query.</param>
    /// <param name="budget">Entries to find at least, if there are as many.</param>
    /// <param name="layout">Which entries are wanted.</param>
    /// <param name="first">The position of the first entry in the layout.</param>
    /// <param name="found">Where entries are added, in no particular order; the same ones at any number of threads.</param>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public abstract void Find(MultiVector query, int budget, EntryLayout layout, int first, List<ScoredId> found);

    public abstract void Dispose();
}
