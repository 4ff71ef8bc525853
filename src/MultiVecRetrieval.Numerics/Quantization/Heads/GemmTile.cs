using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>
/// One tile of a matrix product, 8 rows x 32 columns: c += Σ_k a_k ⊗ b_k, one fused multiply-add per element and k, in the order of
/// k. So every instruction set gives the same bits, and splitting k into runs gives them too.
/// </summary>
internal static class GemmTile
{
    /// <summary>Rows of a tile; a panel of A is [k][8].</summary>
    public const int Height = 8;

    /// <summary>Columns of a tile; a panel of B is [k][32].</summary>
    public const int Width = 32;

    /// <summary>Adds the product of two panels of <paramref name="count"/> steps to the tile at <paramref name="c"/>.</summary>
    public static void Run(InstructionSet level, ref float a, ref float b, ref float c, int stride, int count)
    {
        switch (level)
        {
            case InstructionSet.Avx512:
                RunAvx512(ref a, ref b, ref c, stride, count);
                break;
            case InstructionSet.Avx2:
                RunAvx2(ref a, ref b, ref c, stride, count);
                break;
            default:
                RunScalar(ref a, ref b, ref c, stride, count);
                break;
        }
    }

    private static void RunScalar(ref float a, ref float b, ref float c, int stride, int count)
    {
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                ref float element = ref Unsafe.Add(ref c, (row * stride) + column);
                float sum = element;
                for (int k = 0; k < count; k++)
                {
                    sum = MathF.FusedMultiplyAdd(Unsafe.Add(ref a, (k * Height) + row), Unsafe.Add(ref b, (k * Width) + column), sum);
                }

                element = sum;
            }
        }
    }

    // 4 rows x 16 columns at a time: 8 sums, enough to hide the latency of the multiply-adds within the 16 registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunAvx2(ref float a, ref float b, ref float c, int stride, int count)
    {
        for (int row = 0; row < Height; row += 4)
        {
            for (int column = 0; column < Width; column += 16)
            {
                ref float c0 = ref Unsafe.Add(ref c, (row * stride) + column);
                ref float c1 = ref Unsafe.Add(ref c0, stride);
                ref float c2 = ref Unsafe.Add(ref c1, stride);
                ref float c3 = ref Unsafe.Add(ref c2, stride);
                Vector256<float> s00 = Vector256.LoadUnsafe(ref c0), s01 = Vector256.LoadUnsafe(ref c0, 8);
                Vector256<float> s10 = Vector256.LoadUnsafe(ref c1), s11 = Vector256.LoadUnsafe(ref c1, 8);
                Vector256<float> s20 = Vector256.LoadUnsafe(ref c2), s21 = Vector256.LoadUnsafe(ref c2, 8);
                Vector256<float> s30 = Vector256.LoadUnsafe(ref c3), s31 = Vector256.LoadUnsafe(ref c3, 8);
                ref float x = ref Unsafe.Add(ref a, row);
                ref float y = ref Unsafe.Add(ref b, column);
                for (int k = 0; k < count; k++)
                {
                    Vector256<float> y0 = Vector256.LoadUnsafe(ref y), y1 = Vector256.LoadUnsafe(ref y, 8);
                    Vector256<float> x0 = Vector256.Create(x);
                    s00 = Fma.MultiplyAdd(x0, y0, s00);
                    s01 = Fma.MultiplyAdd(x0, y1, s01);
                    Vector256<float> x1 = Vector256.Create(Unsafe.Add(ref x, 1));
                    s10 = Fma.MultiplyAdd(x1, y0, s10);
                    s11 = Fma.MultiplyAdd(x1, y1, s11);
                    Vector256<float> x2 = Vector256.Create(Unsafe.Add(ref x, 2));
                    s20 = Fma.MultiplyAdd(x2, y0, s20);
                    s21 = Fma.MultiplyAdd(x2, y1, s21);
                    Vector256<float> x3 = Vector256.Create(Unsafe.Add(ref x, 3));
                    s30 = Fma.MultiplyAdd(x3, y0, s30);
                    s31 = Fma.MultiplyAdd(x3, y1, s31);
                    x = ref Unsafe.Add(ref x, Height);
                    y = ref Unsafe.Add(ref y, Width);
                }

                s00.StoreUnsafe(ref c0);
                s01.StoreUnsafe(ref c0, 8);
                s10.StoreUnsafe(ref c1);
                s11.StoreUnsafe(ref c1, 8);
                s20.StoreUnsafe(ref c2);
                s21.StoreUnsafe(ref c2, 8);
                s30.StoreUnsafe(ref c3);
                s31.StoreUnsafe(ref c3, 8);
            }
        }
    }

    // 16 sums and 2 columns of B in registers; the 8 values of A come as embedded broadcasts.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunAvx512(ref float a, ref float b, ref float c, int stride, int count)
    {
        ref float c0 = ref c;
        ref float c1 = ref Unsafe.Add(ref c0, stride);
        ref float c2 = ref Unsafe.Add(ref c1, stride);
        ref float c3 = ref Unsafe.Add(ref c2, stride);
        ref float c4 = ref Unsafe.Add(ref c3, stride);
        ref float c5 = ref Unsafe.Add(ref c4, stride);
        ref float c6 = ref Unsafe.Add(ref c5, stride);
        ref float c7 = ref Unsafe.Add(ref c6, stride);
        Vector512<float> s00 = Vector512.LoadUnsafe(ref c0), s01 = Vector512.LoadUnsafe(ref c0, 16);
        Vector512<float> s10 = Vector512.LoadUnsafe(ref c1), s11 = Vector512.LoadUnsafe(ref c1, 16);
        Vector512<float> s20 = Vector512.LoadUnsafe(ref c2), s21 = Vector512.LoadUnsafe(ref c2, 16);
        Vector512<float> s30 = Vector512.LoadUnsafe(ref c3), s31 = Vector512.LoadUnsafe(ref c3, 16);
        Vector512<float> s40 = Vector512.LoadUnsafe(ref c4), s41 = Vector512.LoadUnsafe(ref c4, 16);
        Vector512<float> s50 = Vector512.LoadUnsafe(ref c5), s51 = Vector512.LoadUnsafe(ref c5, 16);
        Vector512<float> s60 = Vector512.LoadUnsafe(ref c6), s61 = Vector512.LoadUnsafe(ref c6, 16);
        Vector512<float> s70 = Vector512.LoadUnsafe(ref c7), s71 = Vector512.LoadUnsafe(ref c7, 16);
        ref float x = ref a;
        ref float y = ref b;
        for (int k = 0; k < count; k++)
        {
            Vector512<float> y0 = Vector512.LoadUnsafe(ref y), y1 = Vector512.LoadUnsafe(ref y, 16);
            Vector512<float> value = Vector512.Create(x);
            s00 = Avx512F.FusedMultiplyAdd(value, y0, s00);
            s01 = Avx512F.FusedMultiplyAdd(value, y1, s01);
            value = Vector512.Create(Unsafe.Add(ref x, 1));
            s10 = Avx512F.FusedMultiplyAdd(value, y0, s10);
            s11 = Avx512F.FusedMultiplyAdd(value, y1, s11);
            value = Vector512.Create(Unsafe.Add(ref x, 2));
            s20 = Avx512F.FusedMultiplyAdd(value, y0, s20);
            s21 = Avx512F.FusedMultiplyAdd(value, y1, s21);
            value = Vector512.Create(Unsafe.Add(ref x, 3));
            s30 = Avx512F.FusedMultiplyAdd(value, y0, s30);
            s31 = Avx512F.FusedMultiplyAdd(value, y1, s31);
            value = Vector512.Create(Unsafe.Add(ref x, 4));
            s40 = Avx512F.FusedMultiplyAdd(value, y0, s40);
            s41 = Avx512F.FusedMultiplyAdd(value, y1, s41);
            value = Vector512.Create(Unsafe.Add(ref x, 5));
            s50 = Avx512F.FusedMultiplyAdd(value, y0, s50);
            s51 = Avx512F.FusedMultiplyAdd(value, y1, s51);
            value = Vector512.Create(Unsafe.Add(ref x, 6));
            s60 = Avx512F.FusedMultiplyAdd(value, y0, s60);
            s61 = Avx512F.FusedMultiplyAdd(value, y1, s61);
            value = Vector512.Create(Unsafe.Add(ref x, 7));
            s70 = Avx512F.FusedMultiplyAdd(value, y0, s70);
            s71 = Avx512F.FusedMultiplyAdd(value, y1, s71);
            x = ref Unsafe.Add(ref x, Height);
            y = ref Unsafe.Add(ref y, Width);
        }

        s00.StoreUnsafe(ref c0);
        s01.StoreUnsafe(ref c0, 16);
        s10.StoreUnsafe(ref c1);
        s11.StoreUnsafe(ref c1, 16);
        s20.StoreUnsafe(ref c2);
        s21.StoreUnsafe(ref c2, 16);
        s30.StoreUnsafe(ref c3);
        s31.StoreUnsafe(ref c3, 16);
        s40.StoreUnsafe(ref c4);
        s41.StoreUnsafe(ref c4, 16);
        s50.StoreUnsafe(ref c5);
        s51.StoreUnsafe(ref c5, 16);
        s60.StoreUnsafe(ref c6);
        s61.StoreUnsafe(ref c6, 16);
        s70.StoreUnsafe(ref c7);
        s71.StoreUnsafe(ref c7, 16);
    }
}
