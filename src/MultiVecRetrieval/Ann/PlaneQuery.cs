using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ann;

/// <summary>
/// One query against the bit-planes of a <see cref="NodeTable"/>: 6 bits of each of its values, laid out as planes themselves, so that a
/// score is a sum of bit counts, the same at every instruction set.
/// </summary>
/// <remarks>
/// With u the query's integers in two's complement and s the signs of a row, Σ u_i s_i = 2 Σ_j w_j |U_j ∧ S| − Σ u_i, w = 1, 2, 4, 8, 16,
/// −32. 6 bits add about a thousandth to the error of two planes. Source: Gao and Long, RaBitQ, arXiv:2405.12497 (bit-wise computation).
/// </remarks>
internal sealed unsafe class PlaneQuery(int codeLength)
{
    private const int BitCount = 6;
    private const int Limit = (1 << (BitCount - 1)) - 1;

    // Per 64 values the planes side by side; a query of signs has one.
    private readonly ulong[] _bits = GC.AllocateArray<ulong>(codeLength / 64 * BitCount, pinned: true);
    private readonly int _wordCount = codeLength / 64;
    private float _step;
    private int _total;
    private int _modality;

    /// <summary>The length of the last vector of <see cref="SetSigns"/>.</summary>
    public float Length { get; private set; }

    /// <summary>Inner products with a rotated vector from which the mean of its modality was taken; what that has with a node, the node
    /// keeps.</summary>
    public void SetVector(ReadOnlySpan<float> shifted, int modality)
    {
        float maximum = 0;
        foreach (float value in shifted)
        {
            maximum = Math.Max(maximum, Math.Abs(value));
        }

        float factor = maximum > 0 ? Limit / maximum : 0;
        _step = maximum / Limit;
        _modality = modality;
        _total = 0;
        Array.Clear(_bits);
        for (int i = 0; i < shifted.Length; i++)
        {
            int value = (int)Math.Clamp(MathF.Round(shifted[i] * factor), -Limit, Limit);
            _total += value;
            for (int bit = 0; bit < BitCount; bit++)
            {
                _bits[(i / 64 * BitCount) + bit] |= (ulong)((value >> bit) & 1) << (i % 64);
            }
        }
    }

    /// <summary>Hamming distances to the signs of a rotated vector from which the mean of its modality was taken.</summary>
    public void SetSigns(ReadOnlySpan<float> shifted)
    {
        double squares = 0;
        Array.Clear(_bits);
        for (int i = 0; i < shifted.Length; i++)
        {
            squares += (double)shifted[i] * shifted[i];
            if (shifted[i] >= 0)
            {
                _bits[i / 64] |= 1UL << (i % 64);
            }
        }

        Length = (float)Math.Sqrt(squares);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ScoreOne(in NodeTable nodes, int node)
    {
        ulong* codes = (ulong*)nodes.GetRecord(node);
        int sum = 0;
        ref ulong bits = ref MemoryMarshal.GetArrayDataReference(_bits);
        for (int i = 0; i < _wordCount; i++)
        {
            sum += Sum(ref bits, codes[i]);
            bits = ref Unsafe.Add(ref bits, BitCount);
        }

        return (_step * ((2 * sum) - _total) * nodes.GetFactor(node)) + nodes.GetOffset(node, _modality);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ScoreTwo(in NodeTable nodes, int node)
    {
        // Levels are 2 s + t with s and t the signs of the two planes.
        ulong* codes = (ulong*)nodes.GetRecord(node);
        int sum = 0;
        ref ulong bits = ref MemoryMarshal.GetArrayDataReference(_bits);
        for (int i = 0; i < _wordCount; i++)
        {
            sum += (2 * Sum(ref bits, codes[i])) + Sum(ref bits, codes[_wordCount + i]);
            bits = ref Unsafe.Add(ref bits, BitCount);
        }

        return (_step * ((2 * sum) - (3 * _total)) * nodes.GetFactor(node)) + nodes.GetOffset(node, _modality);
    }

    /// <summary>The negative distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ScoreSigns(in NodeTable nodes, int node)
    {
        ulong* codes = (ulong*)nodes.GetRecord(node);
        int distance = 0;
        ref ulong bits = ref MemoryMarshal.GetArrayDataReference(_bits);
        for (int i = 0; i < _wordCount; i++)
        {
            distance += BitOperations.PopCount(codes[i] ^ Unsafe.Add(ref bits, i));
        }

        return -distance;
    }

    // Σ u_i over the values whose bit is set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum(ref ulong bits, ulong code) =>
        BitOperations.PopCount(bits & code)
        + (BitOperations.PopCount(Unsafe.Add(ref bits, 1) & code) << 1)
        + (BitOperations.PopCount(Unsafe.Add(ref bits, 2) & code) << 2)
        + (BitOperations.PopCount(Unsafe.Add(ref bits, 3) & code) << 3)
        + (BitOperations.PopCount(Unsafe.Add(ref bits, 4) & code) << 4)
        - (BitOperations.PopCount(Unsafe.Add(ref bits, 5) & code) << 5);
}
