using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Quantization.Scalars;

/// <summary>Where an entry's packed rows are in a chunk, and how far they are from the rows that were packed.</summary>
/// <param name="Offset">Their first byte, from the beginning of the chunk.</param>
/// <param name="RowCount">The number of rows, at least 1.</param>
/// <param name="Norm">The largest length of a stored row, rounded up.</param>
/// <param name="Error">The largest distance of a stored row from the original, rounded up.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct ScalarEntry(int Offset, int RowCount, float Norm, float Error)
{
    /// <summary>Bytes in a chunk.</summary>
    public const int SizeInBytes = 16;

    /// <summary>The entry at <paramref name="index"/> of the table at the beginning of <paramref name="chunk"/>.</summary>
    public static ScalarEntry Read(ReadOnlySpan<byte> chunk, int index)
    {
        Debug.Assert(Unsafe.SizeOf<ScalarEntry>() == SizeInBytes, "Four fields of four bytes.");
        return MemoryMarshal.Read<ScalarEntry>(chunk.Slice(index * SizeInBytes, SizeInBytes));
    }
}
