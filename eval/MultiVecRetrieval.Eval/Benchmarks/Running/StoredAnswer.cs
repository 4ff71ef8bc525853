using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>The answer to a question as a run keeps it.</summary>
/// <param name="Query">Id of the question.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Items">Ids, best first.</param>
/// <param name="Scores">Their scores.</param>
internal sealed record StoredAnswer(string Query, double Milliseconds, IReadOnlyList<string> Items, IReadOnlyList<double> Scores)
{
    /// <summary>Puts it into a run.</summary>
    public void AddTo(RankedRun run)
    {
        run.Begin(Query);
        for (int i = 0; i < Items.Count; i++)
        {
            run.Add(Query, Items[i], Scores[i]);
        }
    }
}
