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

    /// <summary>Adds up the weights of the bits that agree.</summary>
    /// <param name="level">As <see cref="GetLevel"/> says.</param>
    /// <param name="shape">Of the plane.</param>
    /// <param name="height">Query rows, 1 or 4.</param>
    /// <param name="codes">The plane of the block: byte 0 of 64 rows, byte 1 of 64 rows...; even places are the rows 0 to 31.</param>
    /// <param name="tables">Of <see cref="PlaneTables"/>.</param>
    /// <param name="continues">True: what is in <paramref name="sums"/> is doubled, and the plane is added to it.</param>
    /// <param name="sums">[height × 64]; each at most 65,535.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        InstructionSet level, PlaneShape shape, int height, ReadOnlySpan<byte> codes, ReadOnlySpan<byte> tables, bool continues, Span<ushort> sums)
    {
        Debug.Assert(codes.Length >= shape.ByteCount * BlockRowCount && sums.Length >= height * BlockRowCount, "A block.");
        Debug.Assert(tables.Length >= PlaneTables.GetSize(level, shape.ByteCount, height), "All tables.");
        ref byte bits = ref MemoryMarshal.GetReference(codes);
        ref byte table = ref MemoryMarshal.GetReference(tables);
        ref ushort sum = ref MemoryMarshal.GetReference(sums);
        switch (level)
        {
            case InstructionSet.Avx512 when height == 1:
                WidePlaneSums.AddOne(shape, ref bits, ref table, continues, ref sum);
                break;
            case InstructionSet.Avx512:
                WidePlaneSums.AddFour(shape, ref bits, ref table, continues, ref sum);
                break;
            case InstructionSet.Avx2 when height == 1:
                NarrowPlaneSums.AddOne(shape, ref bits, ref table, continues, ref sum);
                break;
            case InstructionSet.Avx2:
                NarrowPlaneSums.AddFour(shape, ref bits, ref table, continues, ref sum);
                break;
            default:
                AddPlainly(shape, height, codes, MemoryMarshal.Cast<byte, short>(tables), continues, sums);
                break;
        }
    }

    // The definition.
    private static void AddPlainly(
        PlaneShape shape, int height, ReadOnlySpan<byte> codes, ReadOnlySpan<short> weights, bool continues, Span<ushort> sums)
    {
        for (int queryRow = 0; queryRow < height; queryRow++)
        {
            ReadOnlySpan<short> rowWeights = weights.Slice(queryRow * shape.ByteCount * 8, shape.ByteCount * 8);
            for (int row = 0; row < BlockRowCount; row++)
            {
                int place = row < BlockRowCount / 2 ? 2 * row : (2 * row) - BlockRowCount + 1;
                int sum = continues ? 2 * sums[(queryRow * BlockRowCount) + row] : 0;
                for (int k = 0; k < rowWeights.Length; k++)
                {
                    int weight = rowWeights[k];
                    int bit = (codes[(k / 8 * BlockRowCount) + place] >> (k % 8)) & 1;
                    sum += bit == 1 ? Math.Max(0, weight) : Math.Max(0, -weight);
                }

                Debug.Assert(sum <= ushort.MaxValue, "The weights were chosen so that sums fit.");
                sums[(queryRow * BlockRowCount) + row] = (ushort)sum;
            }
        }
    }
}
