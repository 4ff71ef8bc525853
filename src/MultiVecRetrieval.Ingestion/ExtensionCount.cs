namespace MultiVecRetrieval;

/// <summary>How many files have an extension.</summary>
/// <param name="Extension">In lower case, with its dot; empty for names without one.</param>
/// <param name="Count">Files of that extension; at least 1.</param>
public sealed record ExtensionCount(string Extension, long Count);
