using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows along d, 64 codes a step.</summary>
/// <remarks>The arithmetic of <see cref="Int8Avx512{TFold}"/>, one vector a step: neighbours k and k + 1 meet in int16, so nothing
/// saturates.</remarks>
internal readonly struct Int8TailAvx512 : ITailShape<Vector512<int>, Vector512<byte>>
{
    public static int StepSize => Vector512<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(ref byte source) => Int8Blocks.LoadUnsigned512(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Vector512<byte> values, ref byte query) =>
        sum + Avx512BW.MultiplyAddAdjacent(
            Avx512BW.MultiplyAddAdjacent(values, Vector512.LoadUnsafe(ref query).AsSByte()), Vector512<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reduce(Vector512<int> sum, int offset, float scale) => (Vector512.Sum(sum) - offset) * scale;
}
