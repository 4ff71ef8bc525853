namespace MultiVecRetrieval;

/// <summary>An input that a model does not take.</summary>
/// <param name="message">What is wrong, for people.</param>
/// <param name="parameter">The input or option, as a caller knows it.</param>
/// <param name="isTooLong">True for a text that is longer than the model reads.</param>
public sealed class InvalidInputException(string message, string parameter, bool isTooLong = false) : ArgumentException(message)
{
    /// <summary>The input or option that is wrong: <c>input[2]</c>.</summary>
    public string Parameter { get; } = parameter;

    /// <summary>True for a text that is longer than the model reads.</summary>
    public bool IsTooLong { get; } = isTooLong;
}
