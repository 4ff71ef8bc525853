using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Float rows along d: value k goes to partial sum k mod 16, two 256-bit vectors.</summary>
internal readonly struct FloatTailAvx2<TRows> : ITailShape<Two<Vector256<float>>, Two<Vector256<float>>>
    where TRows : struct, IFloatRows
{
    public static int StepSize => TailScorer.FloatStepValueCount * TRows.ValueSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<float>> Load(ref byte source)
    {
        Two<Vector256<float>> values;
        values.A = TRows.Load256(ref source);
        values.B = TRows.Load256(ref Unsafe.Add(ref source, Vector256<float>.Count * TRows.ValueSize));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<float>> MultiplyAdd(Two<Vector256<float>> sum, Two<Vector256<float>> values, ref byte query)
    {
        sum.A = Fma.MultiplyAdd(values.A, Vector256.LoadUnsafe(ref query).AsSingle(), sum.A);
        sum.B = Fma.MultiplyAdd(values.B, Vector256.LoadUnsafe(ref Unsafe.Add(ref query, Vector256<byte>.Count)).AsSingle(), sum.B);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reduce(Two<Vector256<float>> sum, int offset, float scale) => FloatTail.Reduce(sum.A, sum.B);
}
