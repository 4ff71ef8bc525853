using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Search;

/// <summary>How a side is to be searched.</summary>
/// <param name="Tier">Whose codes choose candidates; null to score everything exactly.</param>
/// <param name="Budget">Candidates to score exactly.</param>
/// <param name="IsCertified">Candidates come by upper bounds, until the proof is complete or the budget is spent.</param>
/// <param name="Expected">What was measured of this tier and budget; null when nothing was.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record PlanChoice(LiveTier? Tier, int Budget, bool IsCertified, BudgetRecall? Expected, string Reason);
