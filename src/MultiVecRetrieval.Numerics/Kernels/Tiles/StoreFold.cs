using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Stores the products of block b of a group in part b of the scratch; the offsets are not added.</summary>
internal readonly struct StoreFold : ICentroidFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold512(Vector512<float> sum, ref byte tail, int block, ref float lanes) =>
        sum.StoreUnsafe(ref lanes, (nuint)(block * CentroidScratch.PartLength));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold256(Vector256<float> lower, Vector256<float> upper, ref byte tail, int block, ref float lanes)
    {
        lower.StoreUnsafe(ref lanes, (nuint)(block * CentroidScratch.PartLength));
        upper.StoreUnsafe(ref lanes, (nuint)((block * CentroidScratch.PartLength) + 8));
    }

    public static void Fold(float sum, ref byte tail, int lane, int block, ref float lanes) =>
        Unsafe.Add(ref lanes, (block * CentroidScratch.PartLength) + lane) = sum;
}
