using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, one block at a time: for the blocks that no group of four is left for.</summary>
/// <remarks>
/// A 32-bit lane holds four codes of a row. Flipping their top bits adds 128 to each; VPMADDUBSW adds pairs of products in int16,
/// which <see cref="Int8Query"/> keeps from saturating, and VPMADDWD with ones adds the pairs in int32.
/// </remarks>
internal readonly struct Int8Avx512 : ITileShape<Vector512<int>, Vector512<byte>>
{
    private const byte TopBit = 0x80;

    public static int GroupSize => 1;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => PackedRows.BlockRowCount * PackedRows.Int8GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(ref byte source, nint blockSize) => Vector512.LoadUnsafe(ref source) ^ Vector512.Create(TopBit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Vector512<byte> values, ref byte query) =>
        sum + Dot(values, Vector512.Create(Unsafe.ReadUnaligned<int>(ref query)).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Vector512<int> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector512<int> offset = Vector512.Create(Unsafe.ReadUnaligned<int>(ref queryTail));
        Avx512F.Max(Scale(sum - offset, ref tail), Vector512.LoadUnsafe(ref best)).StoreUnsafe(ref best);
    }

    /// <summary>Similarities before the query's scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Scale(Vector512<int> sum, ref byte scales) =>
        Avx512F.Multiply(Avx512F.ConvertToVector512Single(sum), Vector512.LoadUnsafe(ref scales).AsSingle());

    /// <summary>Per 32-bit lane, the sum of four products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<int> Dot(Vector512<byte> values, Vector512<sbyte> query) =>
        Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(values, query), Vector512<short>.One);
}
