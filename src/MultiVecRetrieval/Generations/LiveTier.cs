using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Generations;

/// <summary>A tier as one generation sees it.</summary>
/// <param name="Record">What the catalog says.</param>
/// <param name="Shared">Its method; null before it is trained.</param>
internal sealed record LiveTier(TierRecord Record, SharedTier? Shared)
{
    private readonly Lazy<TierCalibration?> _calibration = new(() => TierCalibration.Parse(Record.Calibration));

    /// <summary>False before it is trained, and when its file cannot be read.</summary>
    public bool IsUsable => Shared is { IsUsable: true };

    /// <summary>How it works.</summary>
    /// <exception cref="InvalidOperationException">It is not usable.</exception>
    public TierMethod Method => Shared?.Method ?? throw new InvalidOperationException($"Tier {Record.Spec} is not trained.");

    /// <summary>What was measured of it; null before that.</summary>
    public TierCalibration? Calibration => _calibration.Value;
}
