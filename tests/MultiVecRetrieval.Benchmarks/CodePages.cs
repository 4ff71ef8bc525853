using MultiVecRetrieval.Numerics.Kernels.Codes;
using MultiVecRetrieval.Numerics.Quantization.Codes;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Many pages of codes, spliced from few: the beginning of one page and the rest of another, chosen at random with a fixed
/// seed.</summary>
internal sealed class CodePages
{
    /// <summary>Pages of a chunk.</summary>
    public const int ChunkPageCount = 4_096;

    private readonly int _pageCount;
    private readonly int[] _distinctCounts;

    public CodePages(int[] baseCodes, int rowCount, int centroidCount, int pageCount)
    {
        _pageCount = pageCount;
        _distinctCounts = new int[pageCount];
        CodeSize = centroidCount <= Codebook.MaxByteCount ? 1 : 2;
        ChunkCount = (pageCount + ChunkPageCount - 1) / ChunkPageCount;
        CodeChunks = new byte[ChunkCount][];
        SetChunks = new byte[ChunkCount][];
        Parallel.For(0, ChunkCount, chunk =>
        {
            Random random = new(chunk);
            int count = GetPageCount(chunk);
            int[][] codes = new int[count][];
            int[][] sets = new int[count][];
            for (int page = 0; page < count; page++)
            {
                int first = random.Next(baseCodes.Length / rowCount) * rowCount;
                int second = random.Next(baseCodes.Length / rowCount) * rowCount;
                int cut = random.Next(rowCount + 1);
                codes[page] = [.. baseCodes[first..(first + cut)], .. baseCodes[(second + cut)..(second + rowCount)]];
                sets[page] = [.. codes[page].Distinct().Order()];
                _distinctCounts[(chunk * ChunkPageCount) + page] = sets[page].Length;
            }

            CodeChunks[chunk] = WriteLists(codes, CodeSize);
            SetChunks[chunk] = CodeSize == 1 ? WriteSets(sets, centroidCount) : WriteLists(sets, CodeSize);
        });
        Array.Sort(_distinctCounts);
    }

    public int ChunkCount { get; }

    /// <summary>Bytes of a code.</summary>
    public int CodeSize { get; }

    /// <summary>Chunks of codes:K.</summary>
    public byte[][] CodeChunks { get; }

    /// <summary>Chunks of codeset:K.</summary>
    public byte[][] SetChunks { get; }

    public double CodeBytesPerPage => CodeChunks.Sum(chunk => (double)chunk.Length) / _pageCount;

    public double SetBytesPerPage => SetChunks.Sum(chunk => (double)chunk.Length) / _pageCount;

    public int GetPageCount(int chunk) => Math.Min(ChunkPageCount, _pageCount - (chunk * ChunkPageCount));

    /// <summary>The number of distinct codes of a page that so many percent of the pages stay below.</summary>
    public int DistinctPercentile(int percent) => _distinctCounts[(int)((_pageCount - 1L) * percent / 100)];

    private static byte[] WriteLists(int[][] codes, int codeSize)
    {
        byte[] chunk = new byte[CodeChunk.GetSize(codes.Length, codes.Sum(page => page.Length), codeSize, 0)];
        Span<byte> target = chunk.AsSpan(CodeChunk.GetCodesStart(codes.Length));
        int offset = 0;
        for (int page = 0; page < codes.Length; page++)
        {
            CodeChunk.WriteOffset(chunk, codes.Length, page, offset);
            foreach (int code in codes[page])
            {
                CodeChunk.WriteCode(target, codeSize, offset++, code);
            }
        }

        CodeChunk.WriteOffset(chunk, codes.Length, codes.Length, offset);
        return chunk;
    }

    private static byte[] WriteSets(int[][] sets, int centroidCount)
    {
        byte[] chunk = new byte[SlicedSets.GetSize(sets.Length, centroidCount) + (sets.Length * EntryReach.SizeInBytes)];
        for (int page = 0; page < sets.Length; page++)
        {
            foreach (int code in sets[page])
            {
                SlicedSets.Add(chunk, sets.Length, centroidCount, page, code);
            }
        }

        return chunk;
    }
}
