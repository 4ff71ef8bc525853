using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>Searches for one query and fills rows that were found; returns how many. Their exact scores are computed after it.</summary>
internal delegate int DenseSearch(ReadOnlySpan<float> query, ScoredId[] found);

/// <summary>One setting of a sweep that is to be measured.</summary>
/// <param name="Name">As the engine names it.</param>
/// <param name="Ef">Candidates that a walk through a graph keeps; 0 for other engines.</param>
/// <param name="Search">The search.</param>
internal sealed record DenseSetting(string Name, int Ef, DenseSearch Search);
