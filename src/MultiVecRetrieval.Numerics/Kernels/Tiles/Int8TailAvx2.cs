using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows along d, 64 codes a step in two 256-bit halves; the arithmetic is that of <see cref="Int8TailAvx512"/>.</summary>
internal readonly struct Int8TailAvx2 : ITailShape<Two<Vector256<int>>, Two<Vector256<byte>>>
{
    public static int StepSize => 2 * Vector256<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<byte>> Load(ref byte source)
    {
        Two<Vector256<byte>> values;
        values.A = Int8Blocks.LoadUnsigned256(ref source);
        values.B = Int8Blocks.LoadUnsigned256(ref Unsafe.Add(ref source, Vector256<byte>.Count));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<int>> MultiplyAdd(Two<Vector256<int>> sum, Two<Vector256<byte>> values, ref byte query)
    {
        sum.A += Dot(values.A, ref query);
        sum.B += Dot(values.B, ref Unsafe.Add(ref query, Vector256<byte>.Count));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reduce(Two<Vector256<int>> sum, int offset, float scale) => (Vector256.Sum(sum.A + sum.B) - offset) * scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot(Vector256<byte> values, ref byte query) =>
        Avx2.MultiplyAddAdjacent(
            Avx2.MultiplyAddAdjacent(values, Vector256.LoadUnsafe(ref query).AsSByte()), Vector256<short>.One);
}
