using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>A second, rounded copy of an entry's rows that says which of them can be the best for a query row; immutable.</summary>
/// <remarks>A quarter of what the Float32 rows take. <see cref="ScreenedMaxSimScorer"/> reads both.</remarks>
public sealed class RowScreen
{
    private readonly byte[] _bytes;
    private readonly int _offset;
    private readonly int _size;

    /// <summary>Rounds <paramref name="rows"/> to Int8.</summary>
    /// <param name="rows">The rows that the entry stores as Float32.</param>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">d is below 1 or above 65,536.</exception>
    public RowScreen(MultiVectorView rows)
    {
        _size = checked((int)PackedRows.GetSizeInBytes(RowFormat.Int8, rows.RowCount, rows.Dimension));
        _bytes = CacheLines.Allocate(_size, out _offset);
        PackedRows.Pack(RowFormat.Int8, rows, _bytes.AsSpan(_offset, _size));
        float[] stored = new float[rows.Values.Length];
        PackedRows.Unpack(RowFormat.Int8, Packed, rows.RowCount, rows.Dimension, stored);
        MultiVectorView rounded = new(rows.Dimension, stored);
        double norm = 0;
        double error = 0;
        for (int row = 0; row < rows.RowCount; row++)
        {
            norm = Math.Max(norm, Rounding.Norm(rounded.Row(row)));
            error = Math.Max(error, Rounding.Distance(rows.Row(row), rounded.Row(row)));
        }

        Norm = Rounding.Up(norm);
        Error = Rounding.Up(error);
    }

    /// <summary>The rounded rows as <see cref="PackedRows"/> of Int8.</summary>
    public ReadOnlySpan<byte> Packed => _bytes.AsSpan(_offset, _size);

    /// <summary>All of it.</summary>
    public RowScreenView View => new(Packed, Norm, Error);

    /// <summary>The largest Euclidean length of a rounded row, rounded up.</summary>
    public float Norm { get; }

    /// <summary>The largest Euclidean distance of a rounded row from the row itself, rounded up.</summary>
    public float Error { get; }
}
