namespace MultiVecRetrieval.Server.Bodies;

/// <summary>The answers to several searches.</summary>
/// <param name="Results">One for each, in their order.</param>
public sealed record SearchBatchResultBody(IReadOnlyList<SearchResultBody> Results);
