using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows along d, 64 codes a step.</summary>
/// <remarks>The arithmetic is that of <see cref="Int8Avx512"/>, exact in int32; the same neighbours meet, so nothing saturates.</remarks>
internal readonly struct Int8TailAvx512 : ITailShape<Vector512<int>, Vector512<byte>>
{
    public static int StepSize => Vector512<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(ref byte source) => Int8Avx512.Load(ref source, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Vector512<byte> values, ref byte query) =>
        sum + Int8Avx512.Dot(values, Vector512.LoadUnsafe(ref query).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reduce(Vector512<int> sum, int offset, float scale) => (Vector512.Sum(sum) - offset) * scale;
}
