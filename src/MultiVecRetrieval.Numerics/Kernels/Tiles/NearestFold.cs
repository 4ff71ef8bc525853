using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Keeps, per lane, the greatest product and the id it belongs to, the earlier block on a tie; a NaN is never kept.</summary>
internal readonly struct NearestFold : ICentroidFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold512(Vector512<float> sum, ref byte tail, int block, ref float lanes)
    {
        ref float ids = ref Unsafe.Add(ref lanes, CentroidScratch.PartLength);
        Vector512<float> product = Avx512F.Add(sum, Vector512.LoadUnsafe(ref tail).AsSingle());
        Vector512<float> best = Vector512.LoadUnsafe(ref lanes);
        Vector512<float> isGreater = Vector512.GreaterThan(product, best);
        Vector512.ConditionalSelect(isGreater, product, best).StoreUnsafe(ref lanes);
        Vector512.ConditionalSelect(isGreater, Vector512.LoadUnsafe(ref tail, 64).AsSingle(), Vector512.LoadUnsafe(ref ids))
            .StoreUnsafe(ref ids);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold256(Vector256<float> lower, Vector256<float> upper, ref byte tail, int block, ref float lanes)
    {
        FoldHalf(lower, ref tail, ref lanes);
        FoldHalf(upper, ref Unsafe.Add(ref tail, 32), ref Unsafe.Add(ref lanes, 8));
    }

    public static void Fold(float sum, ref byte tail, int lane, int block, ref float lanes)
    {
        ref float best = ref Unsafe.Add(ref lanes, lane);
        float product = sum + Unsafe.ReadUnaligned<float>(ref Unsafe.Add(ref tail, lane * sizeof(float)));
        if (product > best)
        {
            best = product;
            Unsafe.Add(ref best, CentroidScratch.PartLength) =
                Unsafe.ReadUnaligned<float>(ref Unsafe.Add(ref tail, 64 + (lane * sizeof(float))));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldHalf(Vector256<float> sum, ref byte tail, ref float lanes)
    {
        ref float ids = ref Unsafe.Add(ref lanes, CentroidScratch.PartLength);
        Vector256<float> product = Avx.Add(sum, Vector256.LoadUnsafe(ref tail).AsSingle());
        Vector256<float> best = Vector256.LoadUnsafe(ref lanes);
        Vector256<float> isGreater = Vector256.GreaterThan(product, best);
        Vector256.ConditionalSelect(isGreater, product, best).StoreUnsafe(ref lanes);
        Vector256.ConditionalSelect(isGreater, Vector256.LoadUnsafe(ref tail, 64).AsSingle(), Vector256.LoadUnsafe(ref ids))
            .StoreUnsafe(ref ids);
    }
}
