namespace MultiVecRetrieval.Search;

/// <summary>What searches of one collection share.</summary>
/// <param name="Threads">Threads of one search.</param>
/// <param name="LatencyTarget">How long an exact search may take before codes are used.</param>
/// <param name="Speed">Measured speeds.</param>
internal sealed record SearchMachine(int Threads, TimeSpan LatencyTarget, ScanSpeed Speed);
