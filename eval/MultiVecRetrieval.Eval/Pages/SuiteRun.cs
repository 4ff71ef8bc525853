using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Pages;

/// <summary>What one way of searching answered, and what it should have.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Run">Its answers.</param>
/// <param name="Judgements">The answers wanted, by the keys of its collection.</param>
/// <param name="MedianMs">Median time of a query, encoding included, in milliseconds; 0 when nothing was searched.</param>
internal sealed record SuiteRun(string Name, RankedRun Run, Judgements Judgements, double MedianMs);
