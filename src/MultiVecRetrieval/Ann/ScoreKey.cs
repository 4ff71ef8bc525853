using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Ann;

/// <summary>A scored node as one number that sorts ascending by rank: the higher score first, the lower id on a tie. The lowest bit is a
/// flag.</summary>
internal static class ScoreKey
{
    public const ulong Flag = 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Create(float score, int node)
    {
        // Floats order as integers once those with a sign have all bits flipped and the others their sign; inverted to sort descending.
        uint bits = BitConverter.SingleToUInt32Bits(score);
        uint ordered = bits ^ ((uint)((int)bits >> 31) | 0x8000_0000);
        return ((ulong)~ordered << 32) | ((uint)node << 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GetNode(ulong key) => (int)((uint)key >> 1);

    public static float GetScore(ulong key)
    {
        uint ordered = ~(uint)(key >> 32);
        uint bits = (ordered & 0x8000_0000) != 0 ? ordered ^ 0x8000_0000 : ~ordered;
        return BitConverter.UInt32BitsToSingle(bits);
    }
}
