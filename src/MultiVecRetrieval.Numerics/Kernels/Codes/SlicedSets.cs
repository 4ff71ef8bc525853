using System.Buffers.Binary;
using System.Diagnostics;

namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>Sets of codes of many entries, bit-sliced: per code one bit per entry.</summary>
/// <remarks>
/// A block holds 512 entries as [K][64 bytes]: bit e of plane c says that entry e has code c. The last block of n entries is narrower,
/// planes of 8·⌈n/64⌉ bytes; bits of no entry are zero.
/// </remarks>
internal static class SlicedSets
{
    /// <summary>Entries of a block.</summary>
    public const int BlockEntryCount = 512;

    /// <summary>Bytes of a plane of a whole block.</summary>
    public const int PlaneSize = BlockEntryCount / 8;

    /// <summary>The most codes.</summary>
    public const int MaxCodeCount = 256;

    /// <summary>Bytes of a plane of a block of <paramref name="entryCount"/> entries, 1 to 512.</summary>
    public static int GetPlaneSize(int entryCount) => (entryCount + 63) / 64 * 8;

    /// <summary>Bytes of the sets of <paramref name="entryCount"/> entries.</summary>
    public static long GetSize(int entryCount, int codeCount)
    {
        long wholeCount = entryCount / BlockEntryCount;
        int rest = entryCount % BlockEntryCount;
        return ((wholeCount * PlaneSize) + GetPlaneSize(rest)) * codeCount;
    }

    /// <summary>Puts <paramref name="code"/> into the set of an entry.</summary>
    public static void Add(Span<byte> sets, int entryCount, int codeCount, int entry, int code)
    {
        Debug.Assert(entry < entryCount && code < codeCount, "The sets have the entry and the code.");
        int block = entry / BlockEntryCount;
        int planeSize = GetPlaneSize(Math.Min(BlockEntryCount, entryCount - (block * BlockEntryCount)));
        int inBlock = entry % BlockEntryCount;
        sets[(block * PlaneSize * codeCount) + (code * planeSize) + (inBlock / 8)] |= (byte)(1 << (inBlock % 8));
    }

    /// <summary>The block that begins with entry <paramref name="block"/> · 512.</summary>
    public static ReadOnlySpan<byte> GetBlock(ReadOnlySpan<byte> sets, int entryCount, int codeCount, int block)
    {
        int planeSize = GetPlaneSize(Math.Min(BlockEntryCount, entryCount - (block * BlockEntryCount)));
        return sets.Slice(block * PlaneSize * codeCount, planeSize * codeCount);
    }

    /// <summary>Throws unless every entry has a code, and nothing else has.</summary>
    /// <exception cref="InvalidDataException">An entry has none, or there are bits of no entry.</exception>
    public static void Check(ReadOnlySpan<byte> sets, int entryCount, int codeCount)
    {
        for (int first = 0; first < entryCount; first += BlockEntryCount)
        {
            int count = Math.Min(BlockEntryCount, entryCount - first);
            int planeSize = GetPlaneSize(count);
            ReadOnlySpan<byte> block = GetBlock(sets, entryCount, codeCount, first / BlockEntryCount);
            for (int word = 0; word < planeSize / 8; word++)
            {
                ulong any = 0;
                for (int code = 0; code < codeCount; code++)
                {
                    any |= BinaryPrimitives.ReadUInt64LittleEndian(block[((code * planeSize) + (word * 8))..]);
                }

                int bitCount = Math.Min(64, count - (word * 64));
                ulong expected = bitCount == 64 ? ulong.MaxValue : (1UL << bitCount) - 1;
                if (any != expected)
                {
                    throw new InvalidDataException(
                        $"Entries {first + (word * 64)} to {first + (word * 64) + bitCount - 1} of a chunk have codes as {any:X16}; expected {expected:X16}.");
                }
            }
        }
    }

    /// <summary>Transposes 64 × 64 bits: bit j of word i becomes bit i of word j.</summary>
    /// <remarks>Source: Warren, Hacker's Delight, second edition, section 7-3.</remarks>
    public static void Transpose(Span<ulong> words)
    {
        Debug.Assert(words.Length == 64, "64 × 64 bits.");
        ulong mask = 0x0000_0000_FFFF_FFFF;
        for (int distance = 32; distance > 0; distance >>= 1, mask ^= mask << distance)
        {
            for (int i = 0; i < 64; i = (i + distance + 1) & ~distance)
            {
                ulong swap = ((words[i] >> distance) ^ words[i + distance]) & mask;
                words[i + distance] ^= swap;
                words[i] ^= swap << distance;
            }
        }
    }
}
