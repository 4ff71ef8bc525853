using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>An index of rows in which a number of candidates is all that a search asks for.</summary>
internal interface IRowIndex : IDisposable
{
    int Dimension { get; }

    int RowCount { get; }

    /// <summary>Finds rows with high inner products; more of the best ones, the more are asked for, and all wanted rows when asked for as
    /// many as there are rows.</summary>
    /// <param name="query">d finite values.</param>
    /// <param name="count">Rows to find, at least 1.</param>
    /// <param name="wanted">A bit per row that may be found; empty when all may.</param>
    /// <param name="results">Room for as many rows, filled best first.</param>
    /// <returns>The number of rows found.</returns>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    int FindCandidates(ReadOnlySpan<float> query, int count, ReadOnlySpan<ulong> wanted, Span<ScoredId> results);
}
