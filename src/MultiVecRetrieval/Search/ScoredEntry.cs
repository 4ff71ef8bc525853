namespace MultiVecRetrieval.Search;

/// <summary>An entry with its score; higher is closer.</summary>
internal readonly record struct ScoredEntry(long EntryId, double Score);
