namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>Rows to train a codec on.</summary>
public sealed record TrainingSample
{
    /// <summary>d, the length of a row.</summary>
    public required int Dimension { get; init; }

    /// <summary>A sample of the rows that will be stored, [rows × d] row-major.</summary>
    public required float[] Rows { get; init; }

    /// <summary>A sample of query rows, [rows × d]: queries of another modality lie elsewhere than rows. Empty when there are
    /// none.</summary>
    public float[] Queries { get; init; } = [];

    /// <summary>Seed of every random choice. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads that training may use; the result does not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The number of rows.</summary>
    public int RowCount => Rows.Length / Dimension;
}
