namespace MultiVecRetrieval;

/// <summary>A search names tiers or budgets that do not go together, or that the space does not have.</summary>
/// <param name="parameter">What is wrong: <c>tier</c> or <c>budgets</c>.</param>
/// <param name="message">Why, and what would be accepted.</param>
public sealed class TierChoiceException(string parameter, string message) : ArgumentException(message)
{
    /// <summary><c>tier</c> or <c>budgets</c>.</summary>
    public string Parameter { get; } = parameter;
}
