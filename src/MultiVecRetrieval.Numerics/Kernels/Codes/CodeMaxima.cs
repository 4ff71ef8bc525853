using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>Per query row the greatest value over a list of codes. A value is never NaN, so the maxima are the same at every level.</summary>
/// <remarks>Tables are [codes][width] with a width of whole runs of 16, so that a code is one or two cache lines for up to 32 query rows.</remarks>
internal static class CodeMaxima
{
    /// <summary>Query rows that one vector holds.</summary>
    public const int Run = 16;

    /// <summary>Raises the maxima to the values of the codes.</summary>
    /// <param name="instructionSet">A supported level.</param>
    /// <param name="table">[codes][width].</param>
    /// <param name="width">Query rows with their filling.</param>
    /// <param name="firstRow">The query row of the first maximum.</param>
    /// <param name="codes">Codes within the table.</param>
    /// <param name="maxima">Whole runs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Raise<TCode>(
        InstructionSet instructionSet, ReadOnlySpan<float> table, int width, int firstRow, ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        for (int first = 0; first < maxima.Length; first += 2 * Run)
        {
            ref float values = ref Unsafe.Add(ref MemoryMarshal.GetReference(table), firstRow + first);
            Span<float> part = maxima.Slice(first, Math.Min(2 * Run, maxima.Length - first));
            switch (instructionSet)
            {
                case InstructionSet.Avx512:
                    Raise512(ref values, width, codes, part);
                    break;
                case InstructionSet.Avx2:
                    for (int half = 0; half < part.Length; half += Run)
                    {
                        Raise256(ref Unsafe.Add(ref values, half), width, codes, part.Slice(half, Run));
                    }

                    break;
                default:
                    RaiseScalar(ref values, width, codes, part);
                    break;
            }
        }
    }

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
                        lower = Avx.Max(Vector256.LoadUnsafe(ref values, offset) + Vector256.LoadUnsafe(ref residuals, residualOffset), lower);
                        upper = Avx.Max(Vector256.LoadUnsafe(ref values, offset + 8) + Vector256.LoadUnsafe(ref residuals, residualOffset + 8), upper);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Raise512<TCode>(ref float values, int width, ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        ref float target = ref MemoryMarshal.GetReference(maxima);
        Vector512<float> first = Vector512.LoadUnsafe(ref target);
        if (maxima.Length == Run)
        {
            foreach (TCode code in codes)
            {
                first = Avx512F.Max(Vector512.LoadUnsafe(ref values, GetOffset(code, width)), first);
            }

            first.StoreUnsafe(ref target);
            return;
        }

        Vector512<float> second = Vector512.LoadUnsafe(ref target, Run);
        foreach (TCode code in codes)
        {
            nuint offset = GetOffset(code, width);
            first = Avx512F.Max(Vector512.LoadUnsafe(ref values, offset), first);
            second = Avx512F.Max(Vector512.LoadUnsafe(ref values, offset + Run), second);
        }

        first.StoreUnsafe(ref target);
        second.StoreUnsafe(ref target, Run);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Raise256<TCode>(ref float values, int width, ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        ref float target = ref MemoryMarshal.GetReference(maxima);
        Vector256<float> lower = Vector256.LoadUnsafe(ref target);
        Vector256<float> upper = Vector256.LoadUnsafe(ref target, 8);
        foreach (TCode code in codes)
        {
            nuint offset = GetOffset(code, width);
            lower = Avx.Max(Vector256.LoadUnsafe(ref values, offset), lower);
            upper = Avx.Max(Vector256.LoadUnsafe(ref values, offset + 8), upper);
        }

        lower.StoreUnsafe(ref target);
        upper.StoreUnsafe(ref target, 8);
    }

    private static void RaiseScalar<TCode>(ref float values, int width, ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        foreach (TCode code in codes)
        {
            for (int lane = 0; lane < maxima.Length; lane++)
            {
                float value = Unsafe.Add(ref values, GetOffset(code, width) + (nuint)lane);
                maxima[lane] = value > maxima[lane] ? value : maxima[lane];
            }
        }
    }
}
