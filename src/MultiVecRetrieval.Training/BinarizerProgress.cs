namespace MultiVecRetrieval.Training;

/// <summary>How far training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps at most.</param>
/// <param name="Loss">Of the last batch.</param>
/// <param name="StartRecall">Recall of the closed form on the queries that choose the step.</param>
/// <param name="BestRecall">The best recall on them so far.</param>
public readonly record struct BinarizerProgress(int Step, int Steps, double Loss, double StartRecall, double BestRecall);
