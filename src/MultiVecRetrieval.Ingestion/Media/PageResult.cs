namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>One page of a document: its value, or the reason why there is none. The other pages go on.</summary>
/// <typeparam name="T">The picture or the text of a page.</typeparam>
/// <param name="Page">Page number, from 1.</param>
/// <param name="Value">What was read; null exactly when <paramref name="Problem"/> is not.</param>
/// <param name="Problem">Why this page failed; null when it did not.</param>
public sealed record PageResult<T>(int Page, T? Value, MediaException? Problem)
    where T : class;
