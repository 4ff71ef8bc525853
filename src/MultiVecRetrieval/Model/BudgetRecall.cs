namespace MultiVecRetrieval;

/// <summary>How many of the best entries are found when the best candidates of a tier are scored exactly.</summary>
/// <param name="Top">Hits wanted.</param>
/// <param name="Budget">Candidates scored exactly.</param>
/// <param name="Recall">Mean over queries of the share of the exact best <paramref name="Top"/> among the candidates.</param>
/// <param name="LowerBound">
/// Lower end of the one-sided 95 % Wilson interval with the queries as trials: shares in [0, 1] vary at most as much as yes and no do,
/// so it errs to the safe side.
/// </param>
public sealed record BudgetRecall(int Top, int Budget, double Recall, double LowerBound);
