using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Inner products of int16 queries or int8 codes with int8 codes, exact in int32 at every instruction set.</summary>
/// <remarks>
/// Lengths are multiples of <see cref="StepLength"/>: rows are padded with zeros. With codes in [-127, 127], |query| ≤
/// <see cref="GetMaxQueryCode"/> keeps the sum within int32; a pair of products, 2 × 127 × 16,383, always fits its 32-bit lane.
/// </remarks>
internal static class Int8Dot
{
    /// <summary>Codes that one step of the widest kernel reads.</summary>
    public const int StepLength = 64;

    /// <summary>The largest query code for which no sum over <paramref name="length"/> codes overflows.</summary>
    public static int GetMaxQueryCode(int length) => Math.Min(16_383, int.MaxValue / 127 / length);

    /// <summary>Σ query_i · code_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compute(ref short query, ref sbyte codes, int length)
    {
        Debug.Assert(length % StepLength == 0, "Rows are padded to whole steps.");
        if (Avx512BW.IsSupported)
        {
            return ComputeAvx512(ref query, ref codes, length);
        }

        return Avx2.IsSupported ? ComputeAvx2(ref query, ref codes, length) : ComputeScalar(ref query, ref codes, length);
    }

    /// <summary>Σ x_i · y_i of two rows of codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compute(ref sbyte x, ref sbyte y, int length)
    {
        Debug.Assert(length % StepLength == 0, "Rows are padded to whole steps.");
        if (Avx512BW.IsSupported)
        {
            return ComputeAvx512(ref x, ref y, length);
        }

        return Avx2.IsSupported ? ComputeAvx2(ref x, ref y, length) : ComputeScalar(ref x, ref y, length);
    }

    private static int ComputeAvx512(ref short query, ref sbyte codes, int length)
    {
        Vector512<int> even = Vector512<int>.Zero;
        Vector512<int> odd = Vector512<int>.Zero;
        for (nuint i = 0; i < (nuint)length; i += StepLength)
        {
            even += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref codes, i)), Vector512.LoadUnsafe(ref query, i));
            odd += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref codes, i + 32)), Vector512.LoadUnsafe(ref query, i + 32));
        }

        return Vector512.Sum(even + odd);
    }

    private static int ComputeAvx512(ref sbyte x, ref sbyte y, int length)
    {
        Vector512<int> even = Vector512<int>.Zero;
        Vector512<int> odd = Vector512<int>.Zero;
        for (nuint i = 0; i < (nuint)length; i += StepLength)
        {
            even += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref x, i)),
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref y, i)));
            odd += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref x, i + 32)),
                Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref y, i + 32)));
        }

        return Vector512.Sum(even + odd);
    }

    private static int ComputeAvx2(ref short query, ref sbyte codes, int length)
    {
        Vector256<int> even = Vector256<int>.Zero;
        Vector256<int> odd = Vector256<int>.Zero;
        for (nuint i = 0; i < (nuint)length; i += 32)
        {
            even += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref codes, i)), Vector256.LoadUnsafe(ref query, i));
            odd += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref codes, i + 16)), Vector256.LoadUnsafe(ref query, i + 16));
        }

        return Vector256.Sum(even + odd);
    }

    private static int ComputeAvx2(ref sbyte x, ref sbyte y, int length)
    {
        Vector256<int> even = Vector256<int>.Zero;
        Vector256<int> odd = Vector256<int>.Zero;
        for (nuint i = 0; i < (nuint)length; i += 32)
        {
            even += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref x, i)),
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref y, i)));
            odd += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref x, i + 16)),
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref y, i + 16)));
        }

        return Vector256.Sum(even + odd);
    }

    private static int ComputeScalar(ref short query, ref sbyte codes, int length)
    {
        int sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += Unsafe.Add(ref query, i) * Unsafe.Add(ref codes, i);
        }

        return sum;
    }

    private static int ComputeScalar(ref sbyte x, ref sbyte y, int length)
    {
        int sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += Unsafe.Add(ref x, i) * Unsafe.Add(ref y, i);
        }

        return sum;
    }
}
