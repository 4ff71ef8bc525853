using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Bits;

/// <summary><see cref="PlaneSums"/> with AVX2: 32 rows a register, a byte of bits in two lookups of a nibble.</summary>
/// <remarks>The sums are kept as <see cref="WidePlaneSums"/> keeps them. Source: André et al., Quicker ADC, arXiv:1812.09162.</remarks>
internal static class NarrowPlaneSums
{
    private const int Size = PlaneTables.NarrowTableSize;
    private const int HalfRowCount = 32;

    /// <summary>One query row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddOne(PlaneShape shape, ref byte codes, ref byte tables, bool continues, ref ushort sums)
    {
        int bytesPerSum = Math.Max(1, shape.StepsPerByteSum * PlaneTables.StepByteCount);
        for (nuint half = 0; half < 2; half++)
        {
            Vector256<ushort> even = Vector256<ushort>.Zero;
            Vector256<ushort> odd = Vector256<ushort>.Zero;
            nuint code = half * HalfRowCount;
            nuint table = 0;
            for (int octet = 0; octet < shape.ByteCount;)
            {
                Vector256<byte> sum = Vector256<byte>.Zero;
                int end = Math.Min(shape.ByteCount, octet + bytesPerSum);
                for (; octet < end; octet++)
                {
                    Load(ref codes, code, out Vector256<byte> lower, out Vector256<byte> upper);
                    sum += LookUp(ref tables, table, lower, upper);
                    code += PlaneSums.BlockRowCount;
                    table += 2 * Size;
                }

                Widen(sum, ref even, ref odd);
            }

            Store(even, odd, continues, ref sums, half * HalfRowCount / 2);
        }
    }

    /// <summary>Four query rows: each block is read and split into nibbles once for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddFour(PlaneShape shape, ref byte codes, ref byte tables, bool continues, ref ushort sums)
    {
        int bytesPerSum = Math.Max(1, shape.StepsPerByteSum * PlaneTables.StepByteCount);
        for (nuint half = 0; half < 2; half++)
        {
            Vector256<ushort> even0 = Vector256<ushort>.Zero;
            Vector256<ushort> even1 = Vector256<ushort>.Zero;
            Vector256<ushort> even2 = Vector256<ushort>.Zero;
            Vector256<ushort> even3 = Vector256<ushort>.Zero;
            Vector256<ushort> odd0 = Vector256<ushort>.Zero;
            Vector256<ushort> odd1 = Vector256<ushort>.Zero;
            Vector256<ushort> odd2 = Vector256<ushort>.Zero;
            Vector256<ushort> odd3 = Vector256<ushort>.Zero;
            nuint code = half * HalfRowCount;
            nuint table = 0;
            for (int octet = 0; octet < shape.ByteCount;)
            {
                Vector256<byte> sum0 = Vector256<byte>.Zero;
                Vector256<byte> sum1 = Vector256<byte>.Zero;
                Vector256<byte> sum2 = Vector256<byte>.Zero;
                Vector256<byte> sum3 = Vector256<byte>.Zero;
                int end = Math.Min(shape.ByteCount, octet + bytesPerSum);
                for (; octet < end; octet++)
                {
                    Load(ref codes, code, out Vector256<byte> lower, out Vector256<byte> upper);
                    sum0 += LookUp(ref tables, table, lower, upper);
                    sum1 += LookUp(ref tables, table + (2 * Size), lower, upper);
                    sum2 += LookUp(ref tables, table + (4 * Size), lower, upper);
                    sum3 += LookUp(ref tables, table + (6 * Size), lower, upper);
                    code += PlaneSums.BlockRowCount;
                    table += 8 * Size;
                }

                Widen(sum0, ref even0, ref odd0);
                Widen(sum1, ref even1, ref odd1);
                Widen(sum2, ref even2, ref odd2);
                Widen(sum3, ref even3, ref odd3);
            }

            nuint first = half * HalfRowCount / 2;
            Store(even0, odd0, continues, ref sums, first);
            Store(even1, odd1, continues, ref sums, first + PlaneSums.BlockRowCount);
            Store(even2, odd2, continues, ref sums, first + (2 * PlaneSums.BlockRowCount));
            Store(even3, odd3, continues, ref sums, first + (3 * PlaneSums.BlockRowCount));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(ref byte codes, nuint code, out Vector256<byte> lower, out Vector256<byte> upper)
    {
        Vector256<byte> mask = Vector256.Create((byte)0x0F);
        Vector256<byte> octets = Vector256.LoadUnsafe(ref codes, code);
        lower = octets & mask;
        upper = Vector256.ShiftRightLogical(octets.AsUInt16(), 4).AsByte() & mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> LookUp(ref byte tables, nuint table, Vector256<byte> lower, Vector256<byte> upper)
    {
        Vector128<byte> first = Vector128.LoadUnsafe(ref tables, table);
        Vector128<byte> second = Vector128.LoadUnsafe(ref tables, table + Size);
        return Avx2.Shuffle(Vector256.Create(first, first), lower) + Avx2.Shuffle(Vector256.Create(second, second), upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector256<byte> sum, ref Vector256<ushort> even, ref Vector256<ushort> odd)
    {
        even += sum.AsUInt16();
        odd += Vector256.ShiftRightLogical(sum.AsUInt16(), 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<ushort> even, Vector256<ushort> odd, bool continues, ref ushort sums, nuint offset)
    {
        even -= Vector256.ShiftLeft(odd, 8);
        if (continues)
        {
            Vector256<ushort> before = Vector256.LoadUnsafe(ref sums, offset);
            even += before + before;
            before = Vector256.LoadUnsafe(ref sums, offset + (PlaneSums.BlockRowCount / 2));
            odd += before + before;
        }

        even.StoreUnsafe(ref sums, offset);
        odd.StoreUnsafe(ref sums, offset + (PlaneSums.BlockRowCount / 2));
    }
}
