namespace MultiVecRetrieval.Benchmarks.Growth;

/// <summary>What one way of searching takes.</summary>
/// <param name="Way">Exact, a tier, or as planned at a recall.</param>
/// <param name="WarmMs">Median of all queries, files in memory.</param>
/// <param name="WorstMs">The longest of them.</param>
/// <param name="ProcessorMs">Processor time of a query, mean.</param>
/// <param name="ColdMs">Median of first queries after opening, none of the files in memory.</param>
/// <param name="Recall">The part of the exact hits that are found.</param>
/// <param name="Stages">Tiers and candidates; empty when exact.</param>
internal sealed record GrowthTime(
    string Way, double WarmMs, double WorstMs, double ProcessorMs, double ColdMs, double Recall, string Stages);
