namespace MultiVecRetrieval.Eval.Benchmarks;

/// <summary>A benchmark that can be run.</summary>
/// <param name="Name">What <c>mvr-eval run</c> calls it.</param>
/// <param name="Description">What it is, and the files that it is read from.</param>
/// <param name="ReadAsync">Reads its tasks.</param>
internal sealed record BenchmarkSuite(
    string Name, string Description, Func<SuiteRequest, CancellationToken, Task<IReadOnlyList<BenchmarkTask>>> ReadAsync)
{
    /// <summary>One whose reader does not wait.</summary>
    public static BenchmarkSuite Of(string name, string description, Func<SuiteRequest, IReadOnlyList<BenchmarkTask>> read) =>
        new(name, description, (request, _) => Task.FromResult(read(request)));
}
