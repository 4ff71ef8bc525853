using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>Finds, for 512 bit-sliced sets at once, the rank of each set's first code in an order of codes.</summary>
/// <remarks>
/// Planes are visited in the order; the entries of a plane that have no rank yet get the present one, until every wanted entry has its own.
/// A rank is kept as eight bit planes, to which a run of eight codes adds with a few ORs, and turned into bytes at the end. All in
/// integers, so every level agrees.
/// </remarks>
internal static class SetRanks
{
    /// <summary>Writes the ranks of one block.</summary>
    /// <param name="instructionSet">A supported level.</param>
    /// <param name="block">Whole planes of 64 bytes.</param>
    /// <param name="order">Codes, whole runs of 8.</param>
    /// <param name="wanted">One bit per entry, 64 bytes: only these need a rank.</param>
    /// <param name="ranks">512 ranks; 0 for an entry that is not wanted or has no code.</param>
    /// <returns>Ranks are below this.</returns>
    public static int Find(
        InstructionSet instructionSet, ReadOnlySpan<byte> block, ReadOnlySpan<byte> order, ReadOnlySpan<byte> wanted, Span<byte> ranks)
    {
        ref byte planes = ref MemoryMarshal.GetReference(block);
        ref byte codes = ref MemoryMarshal.GetReference(order);
        ref byte isWanted = ref MemoryMarshal.GetReference(wanted);
        ref byte target = ref MemoryMarshal.GetReference(ranks);
        switch (instructionSet)
        {
            case InstructionSet.Avx512 when Gfni.V512.IsSupported && Avx512Vbmi.IsSupported:
                return Find512(ref planes, ref codes, order.Length, ref isWanted, ref target);
            case InstructionSet.Avx512:
            case InstructionSet.Avx2:
                return Math.Max(
                    Find256(ref planes, ref codes, order.Length, ref isWanted, ref target),
                    Find256(ref Unsafe.Add(ref planes, 32), ref codes, order.Length, ref Unsafe.Add(ref isWanted, 32),
                        ref Unsafe.Add(ref target, 256)));
            default:
                return FindScalar(block, order, wanted, ranks);
        }
    }

    private static int FindScalar(ReadOnlySpan<byte> block, ReadOnlySpan<byte> order, ReadOnlySpan<byte> wanted, Span<byte> ranks)
    {
        int end = 0;
        ranks.Clear();
        for (int word = 0; word < SlicedSets.PlaneSize / sizeof(ulong); word++)
        {
            ulong left = BinaryPrimitives.ReadUInt64LittleEndian(wanted[(word * sizeof(ulong))..]);
            for (int rank = 0; rank < order.Length && left != 0; rank++)
            {
                ulong plane =
                    BinaryPrimitives.ReadUInt64LittleEndian(block[((order[rank] * SlicedSets.PlaneSize) + (word * sizeof(ulong)))..]);
                ulong hits = left & plane;
                left &= ~plane;
                end = hits != 0 ? Math.Max(end, rank + 1) : end;
                for (; hits != 0; hits &= hits - 1)
                {
                    ranks[(word * 64) + BitOperations.TrailingZeroCount(hits)] = (byte)rank;
                }
            }
        }

        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Find512(ref byte planes, ref byte order, int stepCount, ref byte wanted, ref byte ranks)
    {
        Vector512<ulong> left = Vector512.LoadUnsafe(ref wanted).AsUInt64();
        Vector512<ulong> bit0 = default, bit1 = default, bit2 = default, bit3 = default, bit4 = default, bit5 = default, bit6 = default,
            bit7 = default;
        int step = 0;
        while (step < stepCount && left != Vector512<ulong>.Zero)
        {
            Vector512<ulong> before = left;
            ref byte codes = ref Unsafe.Add(ref order, step);
            Vector512<ulong> plane = LoadPlane512(ref planes, codes);
            left = Vector512.AndNot(left, plane);
            plane = LoadPlane512(ref planes, Unsafe.Add(ref codes, 1));
            Vector512<ulong> hits1 = left & plane;
            left = Vector512.AndNot(left, plane);
            plane = LoadPlane512(ref planes, Unsafe.Add(ref codes, 2));
            Vector512<ulong> hits2 = left & plane;
            left = Vector512.AndNot(left, plane);
            plane = LoadPlane512(ref planes, Unsafe.Add(ref codes, 3));
            Vector512<ulong> hits3 = left & plane;
            left = Vector512.AndNot(left, plane);
            Vector512<ulong> lower = left;
            plane = LoadPlane512(ref planes, Unsafe.Add(ref codes, 4));
            left = Vector512.AndNot(left, plane);
            plane = LoadPlane512(ref planes, Unsafe.Add(ref codes, 5));
            Vector512<ulong> hits5 = left & plane;
            left = Vector512.AndNot(left, plane);
            plane = LoadPlane512(ref planes, Unsafe.Add(ref codes, 6));
            Vector512<ulong> hits6 = left & plane;
            left = Vector512.AndNot(left, plane);
            plane = LoadPlane512(ref planes, Unsafe.Add(ref codes, 7));
            Vector512<ulong> hits7 = left & plane;
            left = Vector512.AndNot(left, plane);

            bit0 |= hits1 | hits3 | hits5 | hits7;
            bit1 |= hits2 | hits3 | hits6 | hits7;
            bit2 |= lower ^ left;
            Vector512<ulong> found = before ^ left;
            bit3 = (step & 8) != 0 ? bit3 | found : bit3;
            bit4 = (step & 16) != 0 ? bit4 | found : bit4;
            bit5 = (step & 32) != 0 ? bit5 | found : bit5;
            bit6 = (step & 64) != 0 ? bit6 | found : bit6;
            bit7 = (step & 128) != 0 ? bit7 | found : bit7;
            step += RankedTable.StepRun;
        }

        // 8 × 8 words: word w of all planes comes together.
        Vector512<ulong> a0 = Avx512F.UnpackLow(bit0, bit1), a1 = Avx512F.UnpackHigh(bit0, bit1);
        Vector512<ulong> a2 = Avx512F.UnpackLow(bit2, bit3), a3 = Avx512F.UnpackHigh(bit2, bit3);
        Vector512<ulong> a4 = Avx512F.UnpackLow(bit4, bit5), a5 = Avx512F.UnpackHigh(bit4, bit5);
        Vector512<ulong> a6 = Avx512F.UnpackLow(bit6, bit7), a7 = Avx512F.UnpackHigh(bit6, bit7);
        TransposeLanes(a0, a2, a4, a6, ref ranks);
        TransposeLanes(a1, a3, a5, a7, ref Unsafe.Add(ref ranks, 64));
        return step;
    }

    // Lanes of the even words (or of the odd ones): ranks of words 0, 2, 4 and 6 from the beginning of the target.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeLanes(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d, ref byte ranks)
    {
        Vector512<ulong> ab04 = Avx512F.Shuffle4x128(a, b, 0x88), ab26 = Avx512F.Shuffle4x128(a, b, 0xDD);
        Vector512<ulong> cd04 = Avx512F.Shuffle4x128(c, d, 0x88), cd26 = Avx512F.Shuffle4x128(c, d, 0xDD);
        StoreRanks(Avx512F.Shuffle4x128(ab04, cd04, 0x88), ref ranks);
        StoreRanks(Avx512F.Shuffle4x128(ab26, cd26, 0x88), ref Unsafe.Add(ref ranks, 2 * 64));
        StoreRanks(Avx512F.Shuffle4x128(ab04, cd04, 0xDD), ref Unsafe.Add(ref ranks, 4 * 64));
        StoreRanks(Avx512F.Shuffle4x128(ab26, cd26, 0xDD), ref Unsafe.Add(ref ranks, 6 * 64));
    }

    // Word p holds bit p of 64 ranks. Byte j of all words comes together, the last plane first, as the affine transform numbers the rows of
    // its matrix; that times the unit vectors is the transpose: byte e holds the bits of rank e.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRanks(Vector512<ulong> words, ref byte ranks)
    {
        Vector512<byte> gather = Vector512.Create(
            56, 48, 40, 32, 24, 16, 8, 0, 57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3,
            60, 52, 44, 36, 28, 20, 12, 4, 61, 53, 45, 37, 29, 21, 13, 5, 62, 54, 46, 38, 30, 22, 14, 6, 63, 55, 47, 39, 31, 23, 15,
                (byte)7);
        Vector512<byte> units = Vector512.Create(0x8040201008040201).AsByte();
        Vector512<byte> matrices = Avx512Vbmi.PermuteVar64x8(words.AsByte(), gather);
        Gfni.V512.GaloisFieldAffineTransform(units, matrices, 0).StoreUnsafe(ref ranks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> LoadPlane512(ref byte planes, byte code) =>
        Vector512.LoadUnsafe(ref planes, (nuint)(code * SlicedSets.PlaneSize)).AsUInt64();

    // Half a block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Find256(ref byte planes, ref byte order, int stepCount, ref byte wanted, ref byte ranks)
    {
        Vector256<ulong> left = Vector256.LoadUnsafe(ref wanted).AsUInt64();
        Vector256<ulong> bit0 = default, bit1 = default, bit2 = default, bit3 = default, bit4 = default, bit5 = default, bit6 = default,
            bit7 = default;
        int step = 0;
        while (step < stepCount && left != Vector256<ulong>.Zero)
        {
            Vector256<ulong> before = left;
            ref byte codes = ref Unsafe.Add(ref order, step);
            Vector256<ulong> plane = LoadPlane256(ref planes, codes);
            left = Vector256.AndNot(left, plane);
            plane = LoadPlane256(ref planes, Unsafe.Add(ref codes, 1));
            bit0 |= left & plane;
            left = Vector256.AndNot(left, plane);
            plane = LoadPlane256(ref planes, Unsafe.Add(ref codes, 2));
            bit1 |= left & plane;
            left = Vector256.AndNot(left, plane);
            plane = LoadPlane256(ref planes, Unsafe.Add(ref codes, 3));
            bit0 |= left & plane;
            bit1 |= left & plane;
            left = Vector256.AndNot(left, plane);
            Vector256<ulong> lower = left;
            plane = LoadPlane256(ref planes, Unsafe.Add(ref codes, 4));
            left = Vector256.AndNot(left, plane);
            plane = LoadPlane256(ref planes, Unsafe.Add(ref codes, 5));
            bit0 |= left & plane;
            left = Vector256.AndNot(left, plane);
            plane = LoadPlane256(ref planes, Unsafe.Add(ref codes, 6));
            bit1 |= left & plane;
            left = Vector256.AndNot(left, plane);
            plane = LoadPlane256(ref planes, Unsafe.Add(ref codes, 7));
            bit0 |= left & plane;
            bit1 |= left & plane;
            left = Vector256.AndNot(left, plane);

            bit2 |= lower ^ left;
            Vector256<ulong> found = before ^ left;
            bit3 = (step & 8) != 0 ? bit3 | found : bit3;
            bit4 = (step & 16) != 0 ? bit4 | found : bit4;
            bit5 = (step & 32) != 0 ? bit5 | found : bit5;
            bit6 = (step & 64) != 0 ? bit6 | found : bit6;
            bit7 = (step & 128) != 0 ? bit7 | found : bit7;
            step += RankedTable.StepRun;
        }

        Span<uint> bits = stackalloc uint[8 * 8];
        ref byte first = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetReference(bits));
        bit0.AsByte().StoreUnsafe(ref first);
        bit1.AsByte().StoreUnsafe(ref first, 32);
        bit2.AsByte().StoreUnsafe(ref first, 2 * 32);
        bit3.AsByte().StoreUnsafe(ref first, 3 * 32);
        bit4.AsByte().StoreUnsafe(ref first, 4 * 32);
        bit5.AsByte().StoreUnsafe(ref first, 5 * 32);
        bit6.AsByte().StoreUnsafe(ref first, 6 * 32);
        bit7.AsByte().StoreUnsafe(ref first, 7 * 32);
        Spread(bits, BitOperations.Log2((uint)Math.Max(1, step - 1)) + 1, ref ranks);
        return step;
    }

    // Each plane's bit becomes a byte that is all ones or zero, which keeps the plane's own bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(ReadOnlySpan<uint> bits, int planeCount, ref byte ranks)
    {
        Vector256<byte> bytes = Vector256.Create(
            0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, (byte)3);
        Vector256<byte> units = Vector256.Create(0x8040201008040201).AsByte();
        for (int word = 0; word < 8; word++)
        {
            Vector256<byte> sum = default;
            for (int plane = 0; plane < planeCount; plane++)
            {
                Vector256<byte> spread = Avx2.Shuffle(Vector256.Create(bits[(plane * 8) + word]).AsByte(), bytes) & units;
                sum |= Avx2.CompareEqual(spread, units) & Vector256.Create((byte)(1 << plane));
            }

            sum.StoreUnsafe(ref ranks, (nuint)(word * 32));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> LoadPlane256(ref byte planes, byte code) =>
        Vector256.LoadUnsafe(ref planes, (nuint)(code * SlicedSets.PlaneSize)).AsUInt64();
}
