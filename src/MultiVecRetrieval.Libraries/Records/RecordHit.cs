namespace MultiVecRetrieval;

/// <summary>A record that a search found, or an entry of a file.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Document">Its document, with the payload.</param>
/// <param name="Score">Higher is closer.</param>
public sealed record RecordHit(Entry Entry, Document Document, double Score);
