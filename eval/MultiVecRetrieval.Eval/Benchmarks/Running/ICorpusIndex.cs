namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>A corpus that can be asked.</summary>
internal interface ICorpusIndex : IDisposable
{
    /// <summary>Takes in the corpus; what an earlier, ended run took in is passed over.</summary>
    /// <returns>Reasons why items could not be taken in, each naming the item.</returns>
    Task<IReadOnlyList<string>> FillAsync(BenchmarkTask task, CancellationToken cancellationToken);

    /// <summary>Ranks items for a question, best first; fewer than the depth where no more match.</summary>
    Task<IReadOnlyList<RankedItem>> SearchAsync(BenchmarkQuery query, int depth, CancellationToken cancellationToken);
}
