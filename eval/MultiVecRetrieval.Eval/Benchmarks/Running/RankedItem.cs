namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>An item that a question found.</summary>
/// <param name="Id">Its id in the benchmark.</param>
/// <param name="Score">Higher is closer; strictly falling where an order without scores is told.</param>
internal sealed record RankedItem(string Id, double Score);
