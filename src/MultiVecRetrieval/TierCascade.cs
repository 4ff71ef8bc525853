namespace MultiVecRetrieval;

/// <summary>What was measured of two tiers in a row: the first chooses candidates among all entries, the other among those.</summary>
/// <param name="FirstTierId">The id of the first tier; once that is replaced, nothing is known of the cascade.</param>
/// <param name="First">Its spec.</param>
/// <param name="Steps">Recall by number of hits and budgets.</param>
public sealed record TierCascade(long FirstTierId, string First, IReadOnlyList<CascadeRecall> Steps);

/// <summary>How many of the best entries are found with two budgets.</summary>
/// <param name="Top">Hits wanted.</param>
/// <param name="FirstBudget">Candidates of the first tier.</param>
/// <param name="Budget">Candidates of the second, scored exactly.</param>
/// <param name="Recall">
/// Mean over queries of the share of the exact best <paramref name="Top"/> that both tiers rank within their budgets among all entries: among fewer
/// candidates an entry ranks as high or higher, so a search finds no less.
/// </param>
/// <param name="LowerBound">As in <see cref="BudgetRecall"/>.</param>
public sealed record CascadeRecall(int Top, int FirstBudget, int Budget, double Recall, double LowerBound)
{
    internal BudgetRecall ToBudgetRecall() => new(Top, Budget, Recall, LowerBound);
}
