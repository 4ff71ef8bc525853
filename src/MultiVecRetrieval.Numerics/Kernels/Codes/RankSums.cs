using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>Adds, per entry, the value of its rank: in float64, so a sum is exact enough to be rounded once, and in the order of the query
/// rows.</summary>
internal static class RankSums
{
    // A permutation of two vectors looks 32 values up.
    private const int LookupLength = 32;

    /// <summary>Adds the values of some query rows.</summary>
    /// <param name="instructionSet">A supported level.</param>
    /// <param name="ranks">[query rows × 512].</param>
    /// <param name="values">[query rows × 256].</param>
    /// <param name="rankEnds">Per query row what its ranks are below.</param>
    /// <param name="sums">512 sums.</param>
    public static void Add(
        InstructionSet instructionSet, ReadOnlySpan<byte> ranks, ReadOnlySpan<float> values, ReadOnlySpan<int> rankEnds, Span<double> sums)
    {
        if (instructionSet == InstructionSet.Avx512)
        {
            Add512(
                ref MemoryMarshal.GetReference(ranks), ref MemoryMarshal.GetReference(values), rankEnds,
                    ref MemoryMarshal.GetReference(sums));
            return;
        }

        AddScalar(ranks, values, rankEnds.Length, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScalar(ReadOnlySpan<byte> ranks, ReadOnlySpan<float> values, int rowCount, Span<double> sums)
    {
        for (int row = 0; row < rowCount; row++)
        {
            ref byte rowRanks = ref MemoryMarshal.GetReference(ranks.Slice(row * SlicedSets.BlockEntryCount, SlicedSets.BlockEntryCount));
            ref float rowValues = ref MemoryMarshal.GetReference(values.Slice(row * RankedTable.RowLength, RankedTable.RowLength));
            for (int entry = 0; entry < sums.Length; entry++)
            {
                sums[entry] += Unsafe.Add(ref rowValues, (nint)Unsafe.Add(ref rowRanks, entry));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add512(ref byte ranks, ref float values, ReadOnlySpan<int> rankEnds, ref double sums)
    {
        for (int entry = 0; entry < SlicedSets.BlockEntryCount; entry += 64)
        {
            ref double target = ref Unsafe.Add(ref sums, entry);
            Vector512<double> sum0 = Vector512.LoadUnsafe(ref target), sum1 = Vector512.LoadUnsafe(ref target, 8);
            Vector512<double> sum2 = Vector512.LoadUnsafe(ref target, 16), sum3 = Vector512.LoadUnsafe(ref target, 24);
            Vector512<double> sum4 = Vector512.LoadUnsafe(ref target, 32), sum5 = Vector512.LoadUnsafe(ref target, 40);
            Vector512<double> sum6 = Vector512.LoadUnsafe(ref target, 48), sum7 = Vector512.LoadUnsafe(ref target, 56);
            for (int row = 0; row < rankEnds.Length; row++)
            {
                ref float rowValues = ref Unsafe.Add(ref values, row * RankedTable.RowLength);
                ref byte rowRanks = ref Unsafe.Add(ref ranks, (row * SlicedSets.BlockEntryCount) + entry);
                int end = rankEnds[row];
                Vector512<float> value = LookUp(ref rowValues, end, ref rowRanks);
                sum0 += Avx512F.ConvertToVector512Double(value.GetLower());
                sum1 += Avx512F.ConvertToVector512Double(value.GetUpper());
                value = LookUp(ref rowValues, end, ref Unsafe.Add(ref rowRanks, 16));
                sum2 += Avx512F.ConvertToVector512Double(value.GetLower());
                sum3 += Avx512F.ConvertToVector512Double(value.GetUpper());
                value = LookUp(ref rowValues, end, ref Unsafe.Add(ref rowRanks, 32));
                sum4 += Avx512F.ConvertToVector512Double(value.GetLower());
                sum5 += Avx512F.ConvertToVector512Double(value.GetUpper());
                value = LookUp(ref rowValues, end, ref Unsafe.Add(ref rowRanks, 48));
                sum6 += Avx512F.ConvertToVector512Double(value.GetLower());
                sum7 += Avx512F.ConvertToVector512Double(value.GetUpper());
            }

            sum0.StoreUnsafe(ref target);
            sum1.StoreUnsafe(ref target, 8);
            sum2.StoreUnsafe(ref target, 16);
            sum3.StoreUnsafe(ref target, 24);
            sum4.StoreUnsafe(ref target, 32);
            sum5.StoreUnsafe(ref target, 40);
            sum6.StoreUnsafe(ref target, 48);
            sum7.StoreUnsafe(ref target, 56);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LookUp(ref float values, int end, ref byte ranks)
    {
        Vector512<int> rank = Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref ranks));
        Vector512<float> value = Avx512F.PermuteVar16x32x2(Vector512.LoadUnsafe(ref values), rank, Vector512.LoadUnsafe(ref values, 16));
        for (int first = LookupLength; first < end; first += LookupLength)
        {
            // The permutation looks at the lower five bits of a rank: it serves the ranks from here on, the loop comes back for the greater
            // ones.
            Vector512<float> next = Avx512F.PermuteVar16x32x2(
                Vector512.LoadUnsafe(ref values, (nuint)first), rank, Vector512.LoadUnsafe(ref values, (nuint)first + 16));
            value = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(rank, Vector512.Create(first)).AsSingle(), next, value);
        }

        return value;
    }
}
