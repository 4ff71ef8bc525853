using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Bits;

/// <summary>Sums one plane of a block of 64 rows for one or four query rows.</summary>
internal static class PlaneSums
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRowCount = 64;

    /// <summary>The most query rows that are summed at once.</summary>
    public const int MaxTileHeight = 4;

    /// <summary>What the kernel runs on: its widest level needs VPERMB besides AVX-512.</summary>
    public static InstructionSet GetLevel(InstructionSet instructionSet) =>
        instructionSet == InstructionSet.Avx512 && !Avx512Vbmi.IsSupported ? InstructionSet.Avx2 : instructionSet;

    /// <summary>Adds up the weights of the bits that agree, of several planes: each counts half as much as the one before.</summary>
    /// <param name="level">As <see cref="GetLevel"/> says.</param>
    /// <param name="planes">The planes in the chunk; each has byte 0 of 64 rows, byte 1 of 64 rows..., and even places are the rows 0 to
    /// 31.</param>
    /// <param name="tableOffsets">Where the tables of each plane begin.</param>
    /// <param name="stepsPerByteSum">As <see cref="PlaneShape.StepsPerByteSum"/>.</param>
    /// <param name="height">Query rows, 1 or 4.</param>
    /// <param name="block">Which block.</param>
    /// <param name="chunk">The bytes of the chunk.</param>
    /// <param name="tables">Of <see cref="PlaneTables"/>.</param>
    /// <param name="sums">[height × 64]; each at most 65,535. The last plane counts once, the one before twice...</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        InstructionSet level,
        ReadOnlySpan<PlanePlace> planes,
        ReadOnlySpan<int> tableOffsets,
        int stepsPerByteSum,
        int height,
        int block,
        ReadOnlySpan<byte> chunk,
        ReadOnlySpan<byte> tables,
        Span<ushort> sums)
    {
        Debug.Assert(sums.Length >= height * BlockRowCount && tableOffsets.Length >= planes.Length, "A block.");
        if (level == InstructionSet.Avx512)
        {
            Debug.Assert(planes[^1].Offset + ((block + 1L) * planes[^1].ByteCount * BlockRowCount) <= chunk.Length, "All blocks.");
            ref byte bits = ref MemoryMarshal.GetReference(chunk);
            ref byte table = ref MemoryMarshal.GetReference(tables);
            ref ushort sum = ref MemoryMarshal.GetReference(sums);
            if (height == 1)
            {
                WidePlaneSums.AddOne(planes, tableOffsets, stepsPerByteSum, block, ref bits, ref table, ref sum);
            }
            else
            {
                WidePlaneSums.AddFour(planes, tableOffsets, stepsPerByteSum, block, ref bits, ref table, ref sum);
            }

            return;
        }

        for (int plane = 0; plane < planes.Length; plane++)
        {
            int size = planes[plane].ByteCount * BlockRowCount;
            ReadOnlySpan<byte> codes = chunk.Slice(planes[plane].Offset + (block * size), size);
            PlaneShape shape = new(planes[plane].ByteCount, stepsPerByteSum);
            ReadOnlySpan<byte> planeTables = tables.Slice(tableOffsets[plane], PlaneTables.GetSize(level, shape.ByteCount, height));
            AddPlane(level, shape, height, codes, planeTables, continues: plane > 0, sums);
        }
    }

    private static void AddPlane(
        InstructionSet level, PlaneShape shape, int height, ReadOnlySpan<byte> codes, ReadOnlySpan<byte> tables, bool continues,
            Span<ushort> sums)
    {
        ref byte bits = ref MemoryMarshal.GetReference(codes);
        ref byte table = ref MemoryMarshal.GetReference(tables);
        ref ushort sum = ref MemoryMarshal.GetReference(sums);
        if (level == InstructionSet.Avx2 && height == 1)
        {
            NarrowPlaneSums.AddOne(shape, ref bits, ref table, continues, ref sum);
        }
        else if (level == InstructionSet.Avx2)
        {
            NarrowPlaneSums.AddFour(shape, ref bits, ref table, continues, ref sum);
        }
        else
        {
            AddPlainly(shape, height, codes, tables, continues, sums);
        }
    }

    // One row at a time, by the tables of nibbles.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPlainly(
        PlaneShape shape, int height, ReadOnlySpan<byte> codes, ReadOnlySpan<byte> tables, bool continues, Span<ushort> sums)
    {
        const int size = PlaneTables.NarrowTableSize;
        for (int queryRow = 0; queryRow < height; queryRow++)
        {
            for (int row = 0; row < BlockRowCount; row++)
            {
                int place = row < BlockRowCount / 2 ? 2 * row : (2 * row) - BlockRowCount + 1;
                int sum = continues ? 2 * sums[(queryRow * BlockRowCount) + row] : 0;
                for (int octet = 0; octet < shape.ByteCount; octet++)
                {
                    int bits = codes[(octet * BlockRowCount) + place];
                    ReadOnlySpan<byte> table = tables.Slice(((octet * height) + queryRow) * 2 * size, 2 * size);
                    sum += table[bits & 15] + table[size + (bits >> 4)];
                }

                Debug.Assert(sum <= ushort.MaxValue, "The weights were chosen so that sums fit.");
                sums[(queryRow * BlockRowCount) + row] = (ushort)sum;
            }
        }
    }
}
