using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tiers;

/// <summary>Entries that an index is built over. Thread-safe.</summary>
internal interface IEntrySource
{
    int Dimension { get; }

    int EntryCount { get; }

    int CountRows(int entry);

    /// <summary>Copies one row of an entry.</summary>
    void ReadRow(int entry, int row, Span<float> destination);

    /// <summary>All rows of an entry.</summary>
    MultiVector Read(int entry);
}
