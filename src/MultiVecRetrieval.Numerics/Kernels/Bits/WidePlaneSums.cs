using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Bits;

/// <summary><see cref="PlaneSums"/> with VPERMB: 64 rows a register, 24 bits in four lookups.</summary>
/// <remarks>
/// Lookups add up in bytes, as <see cref="PlaneShape"/> allows; then a register of bytes is added as 32 words to one sum, and shifted
/// right by 8 to another. The second holds the sums of the odd places; the first holds those of the even places plus 256 times the
/// others, modulo 2¹⁶, and is mended at the end. Before the next plane both are doubled. VPERMB reads six bits of an index byte, so masks
/// are needed only where bits of three bytes meet.
/// </remarks>
internal static class WidePlaneSums
{
    private const int Size = PlaneTables.WideTableSize;

    /// <summary>One query row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddOne(
        ReadOnlySpan<PlanePlace> planes, ReadOnlySpan<int> tableOffsets, int stepsPerByteSum, int block, ref byte chunk, ref byte tables,
            ref ushort sums)
    {
        Vector512<ushort> even = Vector512<ushort>.Zero;
        Vector512<ushort> odd = Vector512<ushort>.Zero;
        for (int plane = 0; plane < planes.Length; plane++)
        {
            if (plane > 0)
            {
                even += even;
                odd += odd;
            }

            ref readonly PlanePlace place = ref planes[plane];
            ref byte codes = ref chunk;
            int stepCount = place.ByteCount / PlaneTables.StepByteCount;
            nuint code = (nuint)(place.Offset + ((long)block * place.ByteCount * Size));
            nuint table = (nuint)tableOffsets[plane];
            for (int step = 0; step < stepCount;)
            {
                if (stepsPerByteSum == 0)
                {
                    Load(ref codes, code, out Vector512<byte> first, out Vector512<byte> second, out Vector512<byte> third,
                        out Vector512<byte> upper);
                    Vector512<byte> half = LookUp(ref tables, table, first) + LookUp(ref tables, table + Size, second);
                    Widen(half, ref even, ref odd);
                    half = LookUp(ref tables, table + (2 * Size), third) + LookUp(ref tables, table + (3 * Size), upper);
                    Widen(half, ref even, ref odd);
                    code += 3 * Size;
                    table += 4 * Size;
                    step++;
                    continue;
                }

                Vector512<byte> sum = Vector512<byte>.Zero;
                int end = Math.Min(stepCount, step + stepsPerByteSum);
                for (; step < end; step++)
                {
                    Load(ref codes, code, out Vector512<byte> first, out Vector512<byte> second, out Vector512<byte> third,
                        out Vector512<byte> upper);
                    sum += LookUpStep(ref tables, table, first, second, third, upper);
                    code += 3 * Size;
                    table += 4 * Size;
                }

                Widen(sum, ref even, ref odd);
            }

            if (place.ByteCount % PlaneTables.StepByteCount != 0)
            {
                AddTail(place.ByteCount % PlaneTables.StepByteCount, ref codes, code, ref tables, table, ref even, ref odd);
            }
        }

        Store(even, odd, ref sums, 0);
    }

    /// <summary>Four query rows: each block is read and its indices are made once for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddFour(
        ReadOnlySpan<PlanePlace> planes, ReadOnlySpan<int> tableOffsets, int stepsPerByteSum, int block, ref byte chunk, ref byte tables,
            ref ushort sums)
    {
        Vector512<ushort> even0 = Vector512<ushort>.Zero;
        Vector512<ushort> even1 = Vector512<ushort>.Zero;
        Vector512<ushort> even2 = Vector512<ushort>.Zero;
        Vector512<ushort> even3 = Vector512<ushort>.Zero;
        Vector512<ushort> odd0 = Vector512<ushort>.Zero;
        Vector512<ushort> odd1 = Vector512<ushort>.Zero;
        Vector512<ushort> odd2 = Vector512<ushort>.Zero;
        Vector512<ushort> odd3 = Vector512<ushort>.Zero;
        for (int plane = 0; plane < planes.Length; plane++)
        {
            if (plane > 0)
            {
                even0 += even0;
                odd0 += odd0;
                even1 += even1;
                odd1 += odd1;
                even2 += even2;
                odd2 += odd2;
                even3 += even3;
                odd3 += odd3;
            }

            ref readonly PlanePlace place = ref planes[plane];
            ref byte codes = ref chunk;
            int stepCount = place.ByteCount / PlaneTables.StepByteCount;
            nuint code = (nuint)(place.Offset + ((long)block * place.ByteCount * Size));
            nuint table = (nuint)tableOffsets[plane];
            for (int step = 0; step < stepCount;)
            {
                if (stepsPerByteSum == 0)
                {
                    Load(ref codes, code, out Vector512<byte> first, out Vector512<byte> second, out Vector512<byte> third,
                        out Vector512<byte> upper);
                    Widen(LookUp(ref tables, table, first) + LookUp(ref tables, table + Size, second), ref even0, ref odd0);
                    Widen(LookUp(ref tables, table + (2 * Size), third) + LookUp(ref tables, table + (3 * Size), upper), ref even0,
                        ref odd0);
                    Widen(LookUp(ref tables, table + (4 * Size), first) + LookUp(ref tables, table + (5 * Size), second), ref even1,
                        ref odd1);
                    Widen(LookUp(ref tables, table + (6 * Size), third) + LookUp(ref tables, table + (7 * Size), upper), ref even1,
                        ref odd1);
                    Widen(LookUp(ref tables, table + (8 * Size), first) + LookUp(ref tables, table + (9 * Size), second), ref even2,
                        ref odd2);
                    Widen(LookUp(ref tables, table + (10 * Size), third) + LookUp(ref tables, table + (11 * Size), upper), ref even2,
                        ref odd2);
                    Widen(LookUp(ref tables, table + (12 * Size), first) + LookUp(ref tables, table + (13 * Size), second), ref even3,
                        ref odd3);
                    Widen(LookUp(ref tables, table + (14 * Size), third) + LookUp(ref tables, table + (15 * Size), upper), ref even3,
                        ref odd3);
                    code += 3 * Size;
                    table += 16 * Size;
                    step++;
                    continue;
                }

                Vector512<byte> sum0 = Vector512<byte>.Zero;
                Vector512<byte> sum1 = Vector512<byte>.Zero;
                Vector512<byte> sum2 = Vector512<byte>.Zero;
                Vector512<byte> sum3 = Vector512<byte>.Zero;
                int end = Math.Min(stepCount, step + stepsPerByteSum);
                for (; step < end; step++)
                {
                    Load(ref codes, code, out Vector512<byte> first, out Vector512<byte> second, out Vector512<byte> third,
                        out Vector512<byte> upper);
                    sum0 += LookUpStep(ref tables, table, first, second, third, upper);
                    sum1 += LookUpStep(ref tables, table + (4 * Size), first, second, third, upper);
                    sum2 += LookUpStep(ref tables, table + (8 * Size), first, second, third, upper);
                    sum3 += LookUpStep(ref tables, table + (12 * Size), first, second, third, upper);
                    code += 3 * Size;
                    table += 16 * Size;
                }

                Widen(sum0, ref even0, ref odd0);
                Widen(sum1, ref even1, ref odd1);
                Widen(sum2, ref even2, ref odd2);
                Widen(sum3, ref even3, ref odd3);
            }

            int tail = place.ByteCount % PlaneTables.StepByteCount;
            if (tail != 0)
            {
                nuint tailSize = (nuint)((tail + 1) * Size);
                AddTail(tail, ref codes, code, ref tables, table, ref even0, ref odd0);
                AddTail(tail, ref codes, code, ref tables, table + tailSize, ref even1, ref odd1);
                AddTail(tail, ref codes, code, ref tables, table + (2 * tailSize), ref even2, ref odd2);
                AddTail(tail, ref codes, code, ref tables, table + (3 * tailSize), ref even3, ref odd3);
            }
        }

        Store(even0, odd0, ref sums, 0);
        Store(even1, odd1, ref sums, PlaneSums.BlockRowCount);
        Store(even2, odd2, ref sums, 2 * PlaneSums.BlockRowCount);
        Store(even3, odd3, ref sums, 3 * PlaneSums.BlockRowCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(
        ref byte codes, nuint code, out Vector512<byte> first, out Vector512<byte> second, out Vector512<byte> third,
            out Vector512<byte> upper)
    {
        first = Vector512.LoadUnsafe(ref codes, code);
        second = Vector512.LoadUnsafe(ref codes, code + Size);
        third = Vector512.LoadUnsafe(ref codes, code + (2 * Size));
        Vector512<byte> low = Vector512.ShiftRightLogical(first.AsUInt16(), 6).AsByte();
        Vector512<byte> middle = Vector512.ShiftRightLogical(second.AsUInt16(), 4).AsByte();
        Vector512<byte> high = Vector512.ShiftRightLogical(third.AsUInt16(), 2).AsByte();
        upper = Vector512.ConditionalSelect(Vector512.Create((byte)0x03), low, middle);
        upper = Vector512.ConditionalSelect(Vector512.Create((byte)0x0F), upper, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> LookUp(ref byte tables, nuint table, Vector512<byte> indices) =>
        Avx512Vbmi.PermuteVar64x8(Vector512.LoadUnsafe(ref tables, table), indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> LookUpStep(
        ref byte tables, nuint table, Vector512<byte> first, Vector512<byte> second, Vector512<byte> third, Vector512<byte> upper) =>
        (LookUp(ref tables, table, first) + LookUp(ref tables, table + Size, second))
        + (LookUp(ref tables, table + (2 * Size), third) + LookUp(ref tables, table + (3 * Size), upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector512<byte> sum, ref Vector512<ushort> even, ref Vector512<ushort> odd)
    {
        even += sum.AsUInt16();
        odd += Vector512.ShiftRightLogical(sum.AsUInt16(), 8);
    }

    // One or two bytes are left. Bits that belong to no byte may be anything: their weights are zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTail(
        int count, ref byte codes, nuint code, ref byte tables, nuint table, ref Vector512<ushort> even, ref Vector512<ushort> odd)
    {
        Vector512<byte> first = Vector512.LoadUnsafe(ref codes, code);
        Vector512<byte> upper = Vector512.ShiftRightLogical(first.AsUInt16(), 6).AsByte();
        Vector512<byte> sum = LookUp(ref tables, table, first);
        if (count == 1)
        {
            Widen(sum + LookUp(ref tables, table + Size, upper), ref even, ref odd);
            return;
        }

        Vector512<byte> second = Vector512.LoadUnsafe(ref codes, code + Size);
        Vector512<byte> middle = Vector512.ShiftRightLogical(second.AsUInt16(), 4).AsByte();
        upper = Vector512.ConditionalSelect(Vector512.Create((byte)0x03), upper, middle);
        Widen(sum + LookUp(ref tables, table + Size, second), ref even, ref odd);
        Widen(LookUp(ref tables, table + (2 * Size), upper), ref even, ref odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ushort> even, Vector512<ushort> odd, ref ushort sums, nuint offset)
    {
        even -= Vector512.ShiftLeft(odd, 8);
        even.StoreUnsafe(ref sums, offset);
        odd.StoreUnsafe(ref sums, offset + (PlaneSums.BlockRowCount / 2));
    }
}
