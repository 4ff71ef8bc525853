namespace MultiVecRetrieval;

/// <summary>A reranker did not score the hits in the time that it had.</summary>
/// <param name="model">Its name.</param>
/// <param name="limit">The time.</param>
/// <param name="count">Hits that it was given.</param>
public sealed class RerankTimeoutException(string model, TimeSpan limit, int count)
    : Exception(FormattableString.Invariant(
        $"The reranker {model} did not score {count} hits in {limit.TotalSeconds} s; ask it for fewer (rerankTop)."))
{
    /// <summary>The time that it had.</summary>
    public TimeSpan Limit { get; } = limit;
}
