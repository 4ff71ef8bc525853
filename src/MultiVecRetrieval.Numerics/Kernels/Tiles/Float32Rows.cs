using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Values stored as float32.</summary>
internal readonly struct Float32Rows : IFloatRows
{
    public static int ValueSize => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(ref byte source) => Vector512.LoadUnsafe(ref source).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(ref byte source) => Vector256.LoadUnsafe(ref source).AsSingle();
}
