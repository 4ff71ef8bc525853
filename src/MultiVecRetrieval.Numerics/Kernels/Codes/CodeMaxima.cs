using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>Per query row the greatest value over a list of pairs of codes. A value is never NaN, so the maxima are the same at every
/// level.</summary>
/// <remarks>Tables are [codes][width] with a width of whole runs of 16, so that a code is one or two cache lines for up to 32 query
/// rows.</remarks>
internal static class CodeMaxima
{
    /// <summary>Query rows that one vector holds.</summary>
    public const int Run = 16;

    /// <summary>Raises the maxima to the sums of the values of two codes.</summary>
    /// <param name="instructionSet">A supported level.</param>
    /// <param name="table">[codes][width].</param>
    /// <param name="codes">Codes within the table.</param>
    /// <param name="residualTable">[residual codes][width].</param>
    /// <param name="residualCodes">As many codes as <paramref name="codes"/>.</param>
    /// <param name="width">Query rows with their filling.</param>
    /// <param name="firstRow">The query row of the first maximum.</param>
    /// <param name="maxima">Whole runs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RaiseSums<TCode, TResidual>(
        InstructionSet instructionSet, ReadOnlySpan<float> table, ReadOnlySpan<TCode> codes,
        ReadOnlySpan<float> residualTable, ReadOnlySpan<TResidual> residualCodes,
        int width, int firstRow, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
        where TResidual : unmanaged, IBinaryInteger<TResidual>
    {
        for (int first = 0; first < maxima.Length; first += Run)
        {
            ref float values = ref Unsafe.Add(ref MemoryMarshal.GetReference(table), firstRow + first);
            ref float residuals = ref Unsafe.Add(ref MemoryMarshal.GetReference(residualTable), firstRow + first);
            ref float target = ref maxima[first];
            switch (instructionSet)
            {
                case InstructionSet.Avx512:
                    Vector512<float> best = Vector512.LoadUnsafe(ref target);
                    for (int i = 0; i < codes.Length; i++)
                    {
                        Vector512<float> sum = Vector512.LoadUnsafe(ref values, GetOffset(codes[i], width))
                            + Vector512.LoadUnsafe(ref residuals, GetOffset(residualCodes[i], width));
                        best = Avx512F.Max(sum, best);
                    }

                    best.StoreUnsafe(ref target);
                    break;
                case InstructionSet.Avx2:
                    Vector256<float> lower = Vector256.LoadUnsafe(ref target);
                    Vector256<float> upper = Vector256.LoadUnsafe(ref target, 8);
                    for (int i = 0; i < codes.Length; i++)
                    {
                        nuint offset = GetOffset(codes[i], width);
                        nuint residualOffset = GetOffset(residualCodes[i], width);
                        lower = Avx.Max(Vector256.LoadUnsafe(ref values, offset) + Vector256.LoadUnsafe(ref residuals, residualOffset),
                            lower);
                        upper = Avx.Max(Vector256.LoadUnsafe(ref values, offset + 8)
                            + Vector256.LoadUnsafe(ref residuals, residualOffset + 8), upper);
                    }

                    lower.StoreUnsafe(ref target);
                    upper.StoreUnsafe(ref target, 8);
                    break;
                default:
                    for (int i = 0; i < codes.Length; i++)
                    {
                        for (int lane = 0; lane < Run; lane++)
                        {
                            float sum = Unsafe.Add(ref values, GetOffset(codes[i], width) + (nuint)lane)
                                + Unsafe.Add(ref residuals, GetOffset(residualCodes[i], width) + (nuint)lane);
                            ref float maximum = ref Unsafe.Add(ref target, lane);
                            maximum = sum > maximum ? sum : maximum;
                        }
                    }

                    break;
            }
        }
    }

    private static nuint GetOffset<TCode>(TCode code, int width)
        where TCode : unmanaged, IBinaryInteger<TCode> => (nuint)uint.CreateTruncating(code) * (nuint)width;
}
