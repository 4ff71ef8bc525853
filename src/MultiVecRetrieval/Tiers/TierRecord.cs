namespace MultiVecRetrieval.Tiers;

/// <summary>A tier as the catalog lists it.</summary>
internal sealed record TierRecord
{
    /// <summary>Its id, which names the file of parameters.</summary>
    public required long Id { get; init; }

    public required string SpaceName { get; init; }

    /// <summary>As people write it.</summary>
    public required string Spec { get; init; }

    /// <summary>Bytes of the file of parameters; 0 before it is trained.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>CRC-32C of the parameters, which every file of codes repeats.</summary>
    public uint Checksum { get; init; }

    /// <summary>What <see cref="TrainedRowCount"/> is of a tier whose parameters somebody gave: no number of rows outgrows it.</summary>
    public const long GivenRowCount = long.MaxValue;

    /// <summary>Live rows of the space when it was trained, or when training was tried and failed; <see cref="GivenRowCount"/> when it was
    /// given.</summary>
    public long TrainedRowCount { get; init; }

    /// <summary>True when its parameters were not found here: training anew from rows would lose what they hold.</summary>
    public bool IsGiven => TrainedRowCount == GivenRowCount;

    /// <summary>Why it could not be trained; null when nothing is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>JSON of <see cref="TierCalibration"/>; null before it is measured.</summary>
    public string? Calibration { get; init; }

    public bool IsTrained => SizeInBytes > 0;
}
