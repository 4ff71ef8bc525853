namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What a tool without arguments takes.</summary>
internal sealed record NoArguments;
