using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Float rows, one block in two 256-bit halves. 12 sums, 2 values, 1 broadcast of 16 registers.</summary>
internal readonly struct FloatAvx2<TRows> : ITileShape<Two<Vector256<float>>, Two<Vector256<float>>>
    where TRows : struct, IFloatRows
{
    public static int GroupSize => 1;

    public static int QueryStepSize => sizeof(float);

    public static int BlockStepSize => PackedRows.BlockRowCount * TRows.ValueSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<float>> Load(ref byte source, nint blockSize)
    {
        Two<Vector256<float>> values;
        values.A = TRows.Load256(ref source);
        values.B = TRows.Load256(ref Unsafe.Add(ref source, Vector256<float>.Count * TRows.ValueSize));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<float>> MultiplyAdd(Two<Vector256<float>> sum, Two<Vector256<float>> values, ref byte query)
    {
        Vector256<float> q = Vector256.Create(Unsafe.ReadUnaligned<float>(ref query));
        sum.A = Fma.MultiplyAdd(values.A, q, sum.A);
        sum.B = Fma.MultiplyAdd(values.B, q, sum.B);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector256<float>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        ref float upper = ref Unsafe.Add(ref best, Vector256<float>.Count);
        Avx.Max(sum.A, Vector256.LoadUnsafe(ref best)).StoreUnsafe(ref best);
        Avx.Max(sum.B, Vector256.LoadUnsafe(ref upper)).StoreUnsafe(ref upper);
    }
}
