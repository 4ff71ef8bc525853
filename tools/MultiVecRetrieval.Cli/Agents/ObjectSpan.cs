namespace MultiVecRetrieval.Cli.Agents;

/// <summary>An object in the bytes of a JSON file.</summary>
/// <param name="Start">Where its opening brace stands.</param>
/// <param name="IsEmpty">True when it has no members; comments may stand in it.</param>
internal readonly record struct ObjectSpan(int Start, bool IsEmpty);
