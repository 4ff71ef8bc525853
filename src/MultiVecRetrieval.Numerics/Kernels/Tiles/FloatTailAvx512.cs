using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Float rows along d: value k goes to partial sum k mod 16, one 512-bit vector.</summary>
internal readonly struct FloatTailAvx512<TRows> : ITailShape<Vector512<float>, Vector512<float>>
    where TRows : struct, IFloatRows
{
    public static int StepSize => TailScorer.FloatStepValueCount * TRows.ValueSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref byte source) => TRows.Load512(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> sum, Vector512<float> values, ref byte query) =>
        Avx512F.FusedMultiplyAdd(values, Vector512.LoadUnsafe(ref query).AsSingle(), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reduce(Vector512<float> sum, int offset, float scale) => FloatTail.Reduce(sum.GetLower(), sum.GetUpper());
}
