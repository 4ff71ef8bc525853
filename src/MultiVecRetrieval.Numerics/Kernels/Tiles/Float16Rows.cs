using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Values stored as binary16.</summary>
/// <remarks>
/// A binary16 is s eeeee mmmmmmmmmm. Sign-extended to 32 bits and shifted left by 13, its exponent and fraction stand where
/// float32 has them, with an exponent too small by 127 - 15; a product with 2^112 mends that, exactly, also for subnormal
/// values. Packed rows hold neither NaN nor infinity, so the exponent 31 does not occur.
/// </remarks>
internal readonly struct Float16Rows : IFloatRows
{
    private const int Shift = 13;
    private const uint SignExponentFraction = 0x8fffe000;
    private const float Rebias = 5.192296858534828e33f; // 2^112

    public static int ValueSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(ref byte source)
    {
        Vector512<int> wide = Avx512F.ConvertToVector512Int32(Vector256.LoadUnsafe(ref source).AsInt16());
        Vector512<int> bits = Avx512F.ShiftLeftLogical(wide, Shift) & Vector512.Create(SignExponentFraction).AsInt32();
        return Avx512F.Multiply(bits.AsSingle(), Vector512.Create(Rebias));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(ref byte source)
    {
        Vector256<int> wide = Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(ref source).AsInt16());
        Vector256<int> bits = Avx2.ShiftLeftLogical(wide, Shift) & Vector256.Create(SignExponentFraction).AsInt32();
        return Avx.Multiply(bits.AsSingle(), Vector256.Create(Rebias));
    }
}
