using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Table look-ups of 4-bit codes, one block at a time; see <see cref="NibbleAvx512By2"/>.</summary>
internal readonly struct NibbleAvx512 : ITileShape<Vector512<short>, Two<Vector512<byte>>>
{
    public static int GroupSize => 1;

    public static int QueryStepSize => NibbleLayout.GroupCodeCount * NibbleLayout.CodeCount;

    public static int BlockStepSize => NibbleLayout.GroupSize;

    /// <summary>True when this process can run it.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported && Avx512BW.IsSupported && Avx512F.IsSupported;

    // In every group of four bytes 0x00, 0x10, 0x20, 0x30: the table of the byte.
    private static Vector512<byte> Places => Vector512.Create(0x30201000u).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector512<byte>> Load(ref byte source, nint blockSize)
    {
        Vector512<byte> codes = Vector512.LoadUnsafe(ref source);
        Two<Vector512<byte>> values;
        values.A = (codes & Vector512.Create((byte)0xF)) | Places;
        values.B = (Avx512BW.ShiftRightLogical(codes.AsUInt16(), 4).AsByte() & Vector512.Create((byte)0xF)) | Places;
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyAdd(Vector512<short> sum, Two<Vector512<byte>> values, ref byte query) =>
        sum + LookUp(values.A, values.B, Vector512.LoadUnsafe(ref query), Vector512.LoadUnsafe(ref query, (nuint)Vector512<byte>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Vector512<short> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best) =>
        Fold(sum, ref best);

    /// <summary>Looks 128 codes up and adds, per 16-bit lane, the four that belong to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<short> LookUp(Vector512<byte> lowerCodes, Vector512<byte> upperCodes, Vector512<byte> lower,
        Vector512<byte> upper)
    {
        Vector512<byte> values = Avx512Vbmi.PermuteVar64x8(lower, lowerCodes) + Avx512Vbmi.PermuteVar64x8(upper, upperCodes);
        return Avx512BW.MultiplyAddAdjacent(values, Vector512<sbyte>.One);
    }

    /// <summary>Adds the two halves of each row, and raises the 16 lanes at <paramref name="best"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Fold(Vector512<short> sum, ref float best)
    {
        Vector512<int> pairs = sum.AsInt32();
        Vector512<int> total = (pairs & Vector512.Create(0xFFFF)) + Avx512F.ShiftRightLogical(pairs, 16);
        ref int lanes = ref Unsafe.As<float, int>(ref best);
        Avx512F.Max(total, Vector512.LoadUnsafe(ref lanes)).StoreUnsafe(ref lanes);
    }
}
