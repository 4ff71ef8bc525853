using MultiVecRetrieval.Eval.Benchmarks.Beir;
using MultiVecRetrieval.Eval.Benchmarks.Composed;
using MultiVecRetrieval.Eval.Benchmarks.Copies;
using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Benchmarks.Mmeb;
using MultiVecRetrieval.Eval.Benchmarks.Moments;

namespace MultiVecRetrieval.Eval.Benchmarks;

/// <summary>The benchmarks that can be run, by name.</summary>
internal static class BenchmarkSuites
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<BenchmarkSuite> All { get; } =
        [.. BeirSuites.All, MmebSuite.Suite, .. ComposedSuites.All, .. MediaSuites.All, .. CopySuites.All];

    /// <summary>Finds one.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static BenchmarkSuite Find(string name) => All.FirstOrDefault(suite => suite.Name == name)
        ?? throw new ArgumentException(
            $"There is no suite '{name}'; there are {string.Join(", ", [.. All.Select(suite => suite.Name), .. MomentSuite.All.Select(suite => suite.Name)])}.");
}
