namespace MultiVecRetrieval.Eval.Compression;

/// <summary>What all trials on a workload measured.</summary>
/// <param name="Name">Of the workload.</param>
/// <param name="Origin">Where its vectors come from.</param>
/// <param name="Trials">In the order tried.</param>
/// <param name="Refused">Trials that could not be made, and why.</param>
internal sealed record WorkloadResult(string Name, string Origin, IReadOnlyList<TrialResult> Trials, IReadOnlyList<string> Refused)
{
    /// <summary>True when entries have one row: quality is then shown as recall against float32.</summary>
    public bool IsDense => Trials.All(trial => trial.RowsPerEntry == 1);
}
