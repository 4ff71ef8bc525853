namespace MultiVecRetrieval;

/// <summary>What pictures were compared by.</summary>
/// <param name="Source">The source, as of <see cref="DuplicateMember.Source"/>.</param>
/// <param name="Threshold">Similarity from which two pictures count as near duplicates.</param>
/// <param name="EntryCount">Entries that could be compared so.</param>
public sealed record ComparedSpace(string Source, double Threshold, int EntryCount);
