namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Rounded rows of an entry, wherever they are stored.</summary>
/// <param name="packed">The rounded rows as <see cref="PackedRows"/> of Int8.</param>
/// <param name="norm">Not below the Euclidean length of any rounded row.</param>
/// <param name="error">Not below the Euclidean distance of any rounded row from the row itself.</param>
public readonly ref struct RowScreenView(ReadOnlySpan<byte> packed, float norm, float error)
{
    /// <summary>The rounded rows as <see cref="PackedRows"/> of Int8.</summary>
    public ReadOnlySpan<byte> Packed { get; } = packed;

    /// <summary>Not below the Euclidean length of any rounded row.</summary>
    public float Norm { get; } = norm;

    /// <summary>Not below the Euclidean distance of any rounded row from the row itself.</summary>
    public float Error { get; } = error;
}
