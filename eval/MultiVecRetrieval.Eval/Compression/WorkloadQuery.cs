using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>A query and its answers.</summary>
/// <param name="Rows">At least one row.</param>
/// <param name="Answers">Positions of the entries that answer it.</param>
internal sealed record WorkloadQuery(MultiVector Rows, IReadOnlySet<int> Answers);
