namespace MultiVecRetrieval;

/// <summary>One tier of a search through tiers.</summary>
/// <param name="Tier">Its spec, for instance <c>bits:2</c>.</param>
/// <param name="Budget">Candidates that it passes on, at least 1. Null: eight times as many as the next one, of the last tier twenty for
/// each hit that is wanted.</param>
public sealed record SearchStage(string Tier, int? Budget = null);
