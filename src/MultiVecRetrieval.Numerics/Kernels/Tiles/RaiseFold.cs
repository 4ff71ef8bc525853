using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>All blocks raise the same 16 lanes of a query row.</summary>
/// <remarks>A NaN, from damaged scales, is the first operand of the maximum and so loses to the best so far; a tree of maxima would let it
/// win.</remarks>
internal readonly struct RaiseFold : IInt8Fold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(Vector512<float> similarities, ref float best) =>
        Avx512F.Max(similarities, Vector512.LoadUnsafe(ref best)).StoreUnsafe(ref best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(Vector512<float> first, Vector512<float> second, ref float best) =>
        Avx512F.Max(second, Avx512F.Max(first, Vector512.LoadUnsafe(ref best))).StoreUnsafe(ref best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(Vector256<float> half, ref float best) =>
        Avx.Max(half, Vector256.LoadUnsafe(ref best)).StoreUnsafe(ref best);
}
