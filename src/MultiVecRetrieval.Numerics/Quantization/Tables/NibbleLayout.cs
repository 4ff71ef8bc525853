namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>How 4-bit codes lie in a chunk: the rows of all entries, one after the other, in blocks of 16.</summary>
/// <remarks>
/// A block is [groups of 8 codes][16 rows][4 bytes]; byte k of a row holds code 8g + k of group g in its lower half and code 8g + 4 + k
/// in its upper half. Rows that fill the last block are zeros.
/// </remarks>
internal static class NibbleLayout
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRowCount = 16;

    /// <summary>Codes of a row that lie side by side.</summary>
    public const int GroupCodeCount = 8;

    /// <summary>Bytes of a group of a block.</summary>
    public const int GroupSize = BlockRowCount * GroupCodeCount / 2;

    /// <summary>Values of a code.</summary>
    public const int CodeCount = 16;

    /// <summary>Query rows that are scored at a time.</summary>
    public const int PanelRowCount = 64;

    /// <summary>The number of groups of a row.</summary>
    public static int GetGroupCount(int codeCount) => (codeCount + GroupCodeCount - 1) / GroupCodeCount;

    /// <summary>Bytes of a block.</summary>
    public static int GetBlockSize(int codeCount) => GetGroupCount(codeCount) * GroupSize;

    /// <summary>Writes a code of a row of a block that is still zero.</summary>
    public static void WriteCode(Span<byte> block, int lane, int index, int code)
    {
        int offset = (index / GroupCodeCount * GroupSize) + (lane * (GroupCodeCount / 2)) + (index % (GroupCodeCount / 2));
        block[offset] |= (byte)(index % GroupCodeCount < GroupCodeCount / 2 ? code : code << 4);
    }

    /// <summary>Reads a code of a row of a block.</summary>
    public static int ReadCode(ReadOnlySpan<byte> block, int lane, int index)
    {
        int offset = (index / GroupCodeCount * GroupSize) + (lane * (GroupCodeCount / 2)) + (index % (GroupCodeCount / 2));
        return index % GroupCodeCount < GroupCodeCount / 2 ? block[offset] & 0xF : block[offset] >> 4;
    }
}
