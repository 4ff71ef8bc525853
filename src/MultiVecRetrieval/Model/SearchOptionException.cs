namespace MultiVecRetrieval;

/// <summary>A search has an option that is not accepted, or that goes together with no other, or names what the collection does not
/// have.</summary>
/// <param name="parameter">What is wrong, as addresses name it: <c>tier</c>, <c>budgets</c>, <c>fusion</c>, <c>weights</c>.</param>
/// <param name="message">Why, and what would be accepted.</param>
public sealed class SearchOptionException(string parameter, string message) : ArgumentException(message)
{
    /// <summary>What is wrong, as addresses name it.</summary>
    public string Parameter { get; } = parameter;
}
