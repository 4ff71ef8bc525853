using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>How a binariser is trained.</summary>
public sealed record BinarizerOptions
{
    /// <summary>Bits per value, in [1, 4]. Default 2.</summary>
    public int Bits { get; init; } = 2;

    /// <summary>Units of the hidden layer of a block; 0 takes 2d. Default 0.</summary>
    public int Hidden { get; init; }

    /// <summary>Residual blocks, in [1, 8]. Default 1.</summary>
    public int BlockCount { get; init; } = 1;

    /// <summary>Most steps of training; it ends earlier when the held-out recall has long stopped rising. Default 600.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Pairs per step, at least 2; fewer when there are not as many documents. Default 1024.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>Of Adam, for the first 60 % of the steps; a tenth of it until 85 %, then a hundredth. Default 0.0003.</summary>
    public float LearningRate { get; init; } = 3e-4f;

    /// <summary>Weight of InfoNCE; null takes 1 for pairs and 0.1 for neighbours.</summary>
    public float? ContrastiveWeight { get; init; }

    /// <summary>Weight of the divergence from the float neighbours; null takes 0.1 for pairs and 1 for neighbours.</summary>
    public float? DistillationWeight { get; init; }

    /// <summary>Most documents, and most queries, that are used; of more, a random choice. Default 20,000.</summary>
    public int MaxDocuments { get; init; } = 20_000;

    /// <summary>Seed of every random choice. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads to use; the result does not depend on it. Default: one per processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bits, BebrCodecFamily.MaxBits);
        ArgumentOutOfRangeException.ThrowIfNegative(Hidden);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BlockCount, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(ContrastiveWeight ?? 0);
        ArgumentOutOfRangeException.ThrowIfNegative(DistillationWeight ?? 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDocuments, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
    }
}
