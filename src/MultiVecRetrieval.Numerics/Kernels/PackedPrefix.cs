using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>The first rows of an entry as <see cref="PackedRows"/> stores it.</summary>
/// <remarks>
/// Whole blocks of 16 rows come first in the file and are read where they lie: 16, 32 or 64 rows cost no copy and touch no byte beyond
/// them. Any other number is copied row by row, codes and scales as they are, into the layout that an entry of so many rows has.
/// Either way the bytes are those that storing the first rows alone would have written, and so is every score.
/// </remarks>
internal static class PackedPrefix
{
    /// <summary>True when <see cref="Take"/> needs no room to copy to.</summary>
    public static bool IsInPlace(int rowCount, int prefixCount) => prefixCount >= rowCount || prefixCount % PackedRows.BlockRowCount == 0;

    /// <summary>The packed bytes of the first rows; of all when there are no more.</summary>
    /// <param name="format">How the rows are stored.</param>
    /// <param name="packed">The entry as <see cref="PackedRows"/> writes it.</param>
    /// <param name="rowCount">Its rows.</param>
    /// <param name="dimension">d.</param>
    /// <param name="prefixCount">Rows wanted, at least 1 unless there are none.</param>
    /// <param name="scratch">At least the bytes of the prefix, unless <see cref="IsInPlace"/>; may be empty then.</param>
    public static ReadOnlySpan<byte> Take(RowFormat format, ReadOnlySpan<byte> packed, int rowCount, int dimension, int prefixCount,
        Span<byte> scratch)
    {
        if (prefixCount >= rowCount)
        {
            return packed;
        }

        int length = checked((int)PackedRows.GetSizeInBytes(format, prefixCount, dimension));
        if (IsInPlace(rowCount, prefixCount))
        {
            return packed[..length];
        }

        int blockSize = (int)PackedRows.GetBlockSizeInBytes(format, dimension);
        int whole = prefixCount / PackedRows.BlockRowCount * blockSize;
        packed[..whole].CopyTo(scratch);

        // The rows after the whole blocks lie in one block or in the tail, and become one block or a tail.
        Rows source = new(format, dimension, rowCount, prefixCount);
        Rows target = new(format, dimension, prefixCount, prefixCount);
        Span<byte> rest = scratch[whole..length];
        rest.Clear();
        int count = prefixCount % PackedRows.BlockRowCount;
        for (int row = 0; row < (target.IsBlock ? PackedRows.BlockRowCount : count); row++)
        {
            int from = Math.Min(row, count - 1);
            for (int k = 0; k < dimension; k++)
            {
                packed.Slice(whole + source.GetValueOffset(from, k), source.ValueSize).CopyTo(rest[target.GetValueOffset(row, k)..]);
            }

            if (format == RowFormat.Int8)
            {
                packed.Slice(whole + source.GetScaleOffset(from), sizeof(float)).CopyTo(rest[target.GetScaleOffset(row)..]);
            }
        }

        return scratch[..length];
    }

    /// <summary>Where the rows lie that follow the whole blocks of a prefix, in an entry of <paramref name="rowCount"/> rows.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Rows(RowFormat format, int dimension, int rowCount, int prefixCount)
    {
        private readonly int _tailRowCount = PackedRows.GetTailRowCount(rowCount);

        public bool IsBlock { get; } = prefixCount / PackedRows.BlockRowCount < PackedRows.GetBlockCount(rowCount);

        public int ValueSize { get; } = format switch { RowFormat.Float32 => sizeof(float), RowFormat.Float16 => 2, _ => 1 };

        public int GetValueOffset(int row, int k) => !IsBlock ? ((row * dimension) + k) * ValueSize
            : format == RowFormat.Int8 ? PackedRows.GetInt8Offset(k, row) : ((k * PackedRows.BlockRowCount) + row) * ValueSize;

        public int GetScaleOffset(int row)
            => (IsBlock ? PackedRows.GetInt8CodesSizeInBytes(dimension) : _tailRowCount * dimension) + (row * sizeof(float));
    }
}
