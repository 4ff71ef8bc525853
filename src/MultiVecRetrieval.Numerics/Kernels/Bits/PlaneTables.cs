using System.Diagnostics;

namespace MultiVecRetrieval.Numerics.Kernels.Bits;

/// <summary>One plane's integer weights of a few query rows, as lookup tables.</summary>
/// <remarks>
/// <para>The sum of a row of bits is Σ |w_k| over the places k whose bit equals the sign of w_k (1 for positive). Twice that less Σ |w_k|
/// is Σ ±w_k. It is not negative, so bytes and 16-bit words without sign add it.</para>
/// <para>Two shapes of tables give the same sums. With nibbles, a byte of bits is two lookups among 16. With VPERMB, three bytes are
/// four lookups among 64: the lower six bits of each, and the upper two bits of all three.</para>
/// <para>Sums of lookups stay in bytes for a while (<see cref="PlaneShape"/>), and the weights are chosen so that no byte exceeds
/// 255.</para>
/// </remarks>
internal static class PlaneTables
{
    /// <summary>Bytes of bits that make up a step.</summary>
    public const int StepByteCount = 3;

    /// <summary>Bits of the lower part of a byte, which VPERMB looks up at once.</summary>
    public const int LowerBitCount = 6;

    /// <summary>Entries of a VPERMB table.</summary>
    public const int WideTableSize = 64;

    /// <summary>Entries of a nibble's table.</summary>
    public const int NarrowTableSize = 16;

    /// <summary>Bytes that the tables of <paramref name="rowCount"/> query rows take.</summary>
    public static int GetSize(InstructionSet instructionSet, int byteCount, int rowCount) => instructionSet switch
    {
        InstructionSet.Avx512 => rowCount * WideTableSize
            * ((byteCount / StepByteCount * (StepByteCount + 1)) + (byteCount % StepByteCount == 0 ? 0 : (byteCount % StepByteCount) + 1)),
        _ => rowCount * NarrowTableSize * 2 * byteCount,
    };

    /// <summary>Fills the tables of query rows for a plane.</summary>
    /// <param name="instructionSet">What reads them.</param>
    /// <param name="weights">Per query row 8 weights for each byte of bits.</param>
    /// <param name="byteCount">Bytes of bits of a row.</param>
    /// <param name="rowCount">Query rows.</param>
    /// <param name="tables">As long as <see cref="GetSize"/> says.</param>
    public static void Fill(InstructionSet instructionSet, ReadOnlySpan<short> weights, int byteCount, int rowCount, Span<byte> tables)
    {
        Debug.Assert(weights.Length == rowCount * byteCount * 8, "Eight weights a byte.");
        if (instructionSet == InstructionSet.Avx512)
        {
            FillWide(weights, byteCount, rowCount, tables);
        }
        else
        {
            FillNarrow(weights, byteCount, rowCount, tables);
        }
    }

    private static void FillNarrow(ReadOnlySpan<short> weights, int byteCount, int rowCount, Span<byte> tables)
    {
        for (int octet = 0, offset = 0; octet < byteCount; octet++)
        {
            for (int row = 0; row < rowCount; row++)
            {
                ReadOnlySpan<short> eight = weights.Slice(((row * byteCount) + octet) * 8, 8);
                FillTable(eight[..4], tables.Slice(offset, NarrowTableSize));
                FillTable(eight[4..], tables.Slice(offset + NarrowTableSize, NarrowTableSize));
                offset += 2 * NarrowTableSize;
            }
        }
    }

    private static void FillWide(ReadOnlySpan<short> weights, int byteCount, int rowCount, Span<byte> tables)
    {
        Span<short> upper = stackalloc short[LowerBitCount];
        for (int octet = 0, offset = 0; octet < byteCount; octet += StepByteCount)
        {
            int count = Math.Min(StepByteCount, byteCount - octet);
            for (int row = 0; row < rowCount; row++)
            {
                upper.Clear();
                for (int i = 0; i < count; i++)
                {
                    ReadOnlySpan<short> eight = weights.Slice(((row * byteCount) + octet + i) * 8, 8);
                    FillTable(eight[..LowerBitCount], tables.Slice(offset, WideTableSize));
                    eight[LowerBitCount..].CopyTo(upper[(2 * i)..]);
                    offset += WideTableSize;
                }

                FillTable(upper, tables.Slice(offset, WideTableSize));
                offset += WideTableSize;
            }
        }
    }

    // The entry of a pattern is Σ |w_k| over the bits that have the sign of w_k; each weight doubles the table.
    private static void FillTable(ReadOnlySpan<short> weights, Span<byte> table)
    {
        table[0] = 0;
        for (int bit = 0, size = 1; bit < weights.Length; bit++, size *= 2)
        {
            int weight = weights[bit];
            byte whenClear = (byte)Math.Max(0, -weight);
            byte whenSet = (byte)Math.Max(0, weight);
            for (int pattern = 0; pattern < size; pattern++)
            {
                int entry = table[pattern];
                Debug.Assert(entry + Math.Abs(weight) <= byte.MaxValue, "The weights of a table add up to a byte at most.");
                table[size + pattern] = (byte)(entry + whenSet);
                table[pattern] = (byte)(entry + whenClear);
            }
        }
    }
}
