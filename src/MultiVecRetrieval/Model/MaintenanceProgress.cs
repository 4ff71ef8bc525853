namespace MultiVecRetrieval;

/// <summary>How far background work has come.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Space">The space that it is done to.</param>
/// <param name="Tier">The spec of the tier; null when the step concerns none.</param>
/// <param name="Done">Rows that are done; for <see cref="MaintenanceStep.Calibrate"/>, queries.</param>
/// <param name="Total">Rows or queries of the step.</param>
public sealed record MaintenanceProgress(MaintenanceStep Step, string Space, string? Tier, long Done, long Total);
