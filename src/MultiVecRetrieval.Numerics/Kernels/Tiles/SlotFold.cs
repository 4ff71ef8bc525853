using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Each block keeps its similarities; those of the second of two blocks lie in a part of the memory of their own.</summary>
internal readonly struct SlotFold : IInt8Fold
{
    /// <summary>Lanes from the first part to the second. No power of two: what is written together would fall into the same set of the
    /// cache.</summary>
    public const int PartLength =
        (MaxSimScorer.MaxSlotBlockCount / 2 * MaxSimScorer.MaxPanelRowCount * PackedRows.BlockRowCount) + (5 * PackedRows.BlockRowCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(Vector512<float> similarities, ref float best) => similarities.StoreUnsafe(ref best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(Vector512<float> first, Vector512<float> second, ref float best)
    {
        first.StoreUnsafe(ref best);
        second.StoreUnsafe(ref best, PartLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(Vector256<float> half, ref float best) => half.StoreUnsafe(ref best);
}
