using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>What a panel of query rows is scored in: the best sum per query row and lane, then the bases of two blocks.</summary>
/// <remarks>Sums are int32, [64][16]; bases uint16, [64][2][16]: what the centroid of each row adds. 8 KiB, in the type that tile kernels
/// pass.</remarks>
internal static class NibbleScratch
{
    private const int LanesLength = NibbleLayout.PanelRowCount * NibbleLayout.BlockRowCount;

    /// <summary>Values of the scratch.</summary>
    public const int Length = 2 * LanesLength;

    /// <summary>The bases of the query row whose lanes begin at <paramref name="lanes"/>, [2][16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref ushort GetBases(ref float lanes) => ref Unsafe.As<float, ushort>(ref Unsafe.Add(ref lanes, LanesLength));
}
