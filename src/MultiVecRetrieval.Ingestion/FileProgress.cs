namespace MultiVecRetrieval;

/// <summary>How far reading of one long file is.</summary>
/// <param name="File">Key of the file.</param>
/// <param name="Done">What was read of it, in <paramref name="Unit"/>. In [0, <paramref name="Total"/>].</param>
/// <param name="Total">All of it, in <paramref name="Unit"/>.</param>
/// <param name="Unit">What is counted.</param>
public sealed record FileProgress(string File, double Done, double Total, FileProgressUnit Unit);
