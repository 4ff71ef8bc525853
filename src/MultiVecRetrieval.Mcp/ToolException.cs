namespace MultiVecRetrieval.Mcp;

/// <summary>A call that cannot be served as asked; its message goes to the model.</summary>
/// <param name="message">A sentence with what was expected and what came.</param>
internal sealed class ToolException(string message) : Exception(message);
