namespace MultiVecRetrieval.Server.Bodies;

/// <summary>How the vectors of one space were searched.</summary>
/// <param name="Side">vectors:SPACE.</param>
/// <param name="Stages">The stages in order: the tier whose codes chose candidates, if any, then exact.</param>
/// <param name="Budget">Candidates that were to be scored exactly; 0 when all entries were.</param>
/// <param name="Budgets">Candidates that each tier was to pass on, the last one's being those scored exactly; empty when all entries
/// were.</param>
/// <param name="CodedCount">Entries scored by codes.</param>
/// <param name="ExactCount">Entries scored by their rows.</param>
/// <param name="IsExact">True when the hits of this side are those of an exact search.</param>
/// <param name="RowLimit">Rows of an entry that were scored at most, its first ones; null when all were.</param>
/// <param name="EstimatedRecall">The recall measured for this tier and budget on held-out queries; null when exact or not measured.</param>
/// <param name="RecallLowerBound">Lower end of its interval.</param>
/// <param name="IsProven">True when upper bounds proved that the entries which were not scored are no hits.</param>
/// <param name="Formula">How the rows of the query were made of several parts; null when they were not.</param>
/// <param name="Reason">Why this plan, for people.</param>
public sealed record PlanBody(
    string Side, IReadOnlyList<string> Stages, int Budget, IReadOnlyList<int> Budgets, long CodedCount, long ExactCount, bool IsExact,
        int? RowLimit,
    double? EstimatedRecall, double? RecallLowerBound, bool IsProven, string? Formula, string Reason)
{
    internal static PlanBody From(SearchPlan plan) => new(
        plan.Side, plan.Stages, plan.Budget, plan.Budgets, plan.CodedCount, plan.ExactCount, plan.IsExact, plan.RowLimit,
        plan.EstimatedRecall, plan.RecallLowerBound, plan.IsProven, plan.Formula, plan.Reason);
}
