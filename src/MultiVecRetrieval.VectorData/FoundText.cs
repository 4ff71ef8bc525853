namespace MultiVecRetrieval.VectorData;

/// <summary>A text that a search found, to be read by a model.</summary>
/// <param name="SourceName">What people know its source by: the title of the document or its key, and the page.</param>
/// <param name="SourceLink">The key of the entry, which <see cref="Library"/> takes: a path with its page or place.</param>
/// <param name="Text">What is to be read.</param>
/// <param name="Hit">The hit, with its score and places.</param>
public sealed record FoundText(string SourceName, string SourceLink, string Text, SearchHit Hit);
