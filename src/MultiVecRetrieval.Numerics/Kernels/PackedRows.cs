namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>The stored layout of an entry's rows: blocks of 16 interleaved rows, so that a kernel never adds across lanes.</summary>
public static class PackedRows
{
    /// <summary>Bytes that <paramref name="rowCount"/> rows of <paramref name="dimension"/> values take in <paramref name="format"/>.</summary>
    public static long GetSizeInBytes(RowFormat format, int rowCount, int dimension) => throw new NotSupportedException();

    /// <summary>Writes <paramref name="rows"/> into <paramref name="destination"/>.</summary>
    public static void Pack(RowFormat format, MultiVectorView rows, Span<byte> destination) => throw new NotSupportedException();

    /// <summary>Restores rows from packed bytes, [rowCount × dimension] row-major.</summary>
    public static void Unpack(RowFormat format, ReadOnlySpan<byte> packed, int rowCount, int dimension, Span<float> destination) =>
        throw new NotSupportedException();
}
