namespace MultiVecRetrieval;

/// <summary>What was measured of tiers in a row: the first chooses candidates among all entries, each further one among those of the one
/// before.</summary>
/// <param name="FirstTierIds">The ids of the tiers before the last; once one is replaced, nothing is known of the cascade.</param>
/// <param name="First">Their specs.</param>
/// <param name="Steps">Recall by number of hits and budgets: for some levels of recall the budgets of which none can be smaller.</param>
public sealed record TierCascade(IReadOnlyList<long> FirstTierIds, IReadOnlyList<string> First, IReadOnlyList<CascadeRecall> Steps);

/// <summary>How many of the best entries are found with a budget per tier.</summary>
/// <param name="Top">Hits wanted.</param>
/// <param name="Budgets">Candidates of each tier, descending; those of the last are scored exactly.</param>
/// <param name="Recall">
/// Mean over queries of the share of the exact best <paramref name="Top"/> that every tier ranks within its budget among all entries: among
/// fewer candidates an entry ranks as high or higher, so a search finds no less.
/// </param>
/// <param name="LowerBound">As in <see cref="BudgetRecall"/>.</param>
public sealed record CascadeRecall(int Top, IReadOnlyList<int> Budgets, double Recall, double LowerBound);
