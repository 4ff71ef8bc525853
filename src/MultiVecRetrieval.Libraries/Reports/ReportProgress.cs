namespace MultiVecRetrieval;

/// <summary>How far a report is.</summary>
/// <param name="Stage">What it does: <c>reading</c>, <c>comparing</c>, <c>encoding</c>, ...</param>
/// <param name="Done">How many are done.</param>
/// <param name="Total">Of how many.</param>
public sealed record ReportProgress(string Stage, int Done, int Total);
