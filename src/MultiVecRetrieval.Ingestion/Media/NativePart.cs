namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A native part or external program, as <c>mvr doctor</c> prints it.</summary>
/// <param name="Name">Name of the library or program.</param>
/// <param name="Works">True when it was called and answered.</param>
/// <param name="Version">What it says its version is; null when it did not answer.</param>
/// <param name="Location">The file that was used; null when there is none.</param>
/// <param name="Purpose">What it is needed for.</param>
/// <param name="Problem">Why it does not work and the command that mends it; null when it works.</param>
/// <param name="IsRequired">False when the rest works without it.</param>
public sealed record NativePart(
    string Name, bool Works, string? Version, string? Location, string Purpose, string? Problem, bool IsRequired);
