namespace MultiVecRetrieval;

/// <summary>A question that asks for nothing, or of which a part is none.</summary>
/// <param name="message">What is wrong, for people.</param>
/// <param name="parameter">The part or option, as a caller knows it; null when it is the whole question.</param>
public sealed class InvalidQueryException(string message, string? parameter = null) : ArgumentException(message)
{
    /// <summary>The part or option that is wrong, for instance <c>parts[2].box</c>; null when it is the whole question.</summary>
    public string? Parameter { get; } = parameter;
}
