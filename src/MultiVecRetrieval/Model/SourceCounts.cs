namespace MultiVecRetrieval;

/// <summary>How many files indexing saw, by what became of them; Seen = Indexed + Failed + Excluded + Pending.</summary>
/// <param name="Seen">All files in the ledger.</param>
/// <param name="Indexed">In the collection.</param>
/// <param name="Failed">Could not be read.</param>
/// <param name="Excluded">Left out on purpose.</param>
/// <param name="Pending">Not yet read.</param>
/// <param name="Missing">No longer on disk, whatever their state.</param>
public sealed record SourceCounts(long Seen, long Indexed, long Failed, long Excluded, long Pending, long Missing);
