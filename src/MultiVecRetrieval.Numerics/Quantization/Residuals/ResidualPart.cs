using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>Bits of a row that refine one coordinate.</summary>
/// <param name="Coordinate">The coordinate.</param>
/// <param name="Bits">1, 2 or 4.</param>
/// <param name="FirstBit">Where they begin among the bits of a row; they never lie in two codes of 4 bits.</param>
/// <param name="FirstLevel">Where its 2^Bits levels begin.</param>
internal readonly record struct ResidualPart(int Coordinate, int Bits, int FirstBit, int FirstLevel)
{
    /// <summary>The levels that it chooses from.</summary>
    public int LevelCount => 1 << Bits;

    /// <summary>The 4-bit code that holds it.</summary>
    public int Code => FirstBit / 4;

    /// <summary>Its lowest bit in that code.</summary>
    public int Shift => FirstBit % 4;

    /// <summary>Codes of 4 bits that a row of so many bits takes: whole groups.</summary>
    public static int GetCodeCount(int bitCount) => NibbleLayout.GetGroupCount((bitCount + 3) / 4) * NibbleLayout.GroupCodeCount;

    /// <summary>The parts of coordinates with the given numbers of bits: all of 4 bits, then of 2, then of 1, so that each lies within a
    /// code.</summary>
    /// <param name="bitCounts">Bits of each coordinate.</param>
    /// <param name="codeCount">Codes of a row, a multiple of 8.</param>
    public static ResidualPart[] Divide(ReadOnlySpan<byte> bitCounts, int codeCount)
    {
        List<ResidualPart> parts = [];
        int bit = 0;
        int level = 0;
        foreach (int size in (ReadOnlySpan<int>)[4, 2, 1])
        {
            for (int k = 0; k < bitCounts.Length; k++)
            {
                // 8 bits are two parts of 4; below that the binary digits say which sizes there are.
                int count = size == 4 ? bitCounts[k] / 4 : (bitCounts[k] & size) / size;
                for (int i = 0; i < count; i++, bit += size, level += 1 << size)
                {
                    parts.Add(new ResidualPart(k, size, (GetPlace(bit / 4, codeCount) * 4) + (bit % 4), level));
                }
            }
        }

        return [.. parts];
    }

    // Tables of codes k and k + 4 of a group share a byte, and the first codes are worth most: the first shares with the last, and so on
    // inwards.
    private static int GetPlace(int code, int codeCount)
    {
        int half = NibbleLayout.GroupCodeCount / 2;
        int pair = Math.Min(code, codeCount - 1 - code);
        return (pair / half * NibbleLayout.GroupCodeCount) + (pair % half) + (pair == code ? 0 : half);
    }
}
