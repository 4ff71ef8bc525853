using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>A control: rows drawn at random stay, the same ones whenever the same rows are reduced, others on another page.</summary>
internal sealed class RandomReducer(string spec, RowBudget budget, int seed) : RowReducer(spec)
{
    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        int rowCount = source.Rows.RowCount;
        int[] rows = [.. Enumerable.Range(0, rowCount)];
        ulong state = Hash(source.Rows.Values, (ulong)seed);
        bool[] isKept = new bool[rowCount];
        for (int i = 0; i < budget.Count(rowCount); i++)
        {
            int drawn = i + (int)(Next(ref state) % (ulong)(rowCount - i));
            (rows[i], rows[drawn]) = (rows[drawn], rows[i]);
            isKept[rows[i]] = true;
        }

        return RowGroups.Keep(source, isKept);
    }

    // FNV-1a over the bits of the values, 32 at a time.
    private static ulong Hash(ReadOnlySpan<float> values, ulong seed)
    {
        ulong hash = 0xCBF29CE484222325 ^ seed;
        foreach (uint bits in MemoryMarshal.Cast<float, uint>(values))
        {
            hash = (hash ^ bits) * 0x100000001B3;
        }

        return hash;
    }

    // SplitMix64: Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
    private static ulong Next(ref ulong state)
    {
        ulong value = state += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
