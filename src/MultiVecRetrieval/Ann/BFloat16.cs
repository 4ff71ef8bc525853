using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Ann;

/// <summary>The upper half of a float32, rounded to nearest even: 8 bits of precision, far finer than the estimates it is part
/// of.</summary>
internal static class BFloat16
{
    public static ushort FromSingle(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>16 values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref ushort source, nuint offset)
    {
        (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, offset));
        return (Vector512.Create(lower, upper) << 16).AsSingle();
    }
}
