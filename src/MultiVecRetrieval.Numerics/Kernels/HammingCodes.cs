using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels.Bits;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Binary codes that are searched by Hamming distance, all of them: the nearest k, the lower id first on a tie.</summary>
/// <remarks>
/// <para>Codes lie in blocks of 64, byte 0 of all, then byte 1 of all, and so on, so that look-ups into a query's tables count the equal
/// bits of 64 codes at once and no code needs a sum of its own. Several queries share each block while it is in the cache.</para>
/// <para>Adding is for one thread; searching is safe for any number of threads once codes are added, and gives the same on any number of
/// them.</para>
/// </remarks>
public sealed class HammingCodes
{
    private const int BlockRowCount = PlaneSums.BlockRowCount;
    private const int MaxSlabBlockCount = 4_096;
    private const int MaxSlabSize = 32 << 20;

    // Equal bits of this many steps of 24 bits fit a byte.
    private const int StepsPerByteSum = 10;

    // Bytes of codes that all queries pass before the next ones are read from memory.
    private const int CachedSize = 128 << 10;

    private readonly List<(byte[] Bytes, int Offset)> _slabs = [];
    private readonly int _byteCount;
    private readonly InstructionSet _level;
    private readonly int _slabBlockCount;

    /// <summary>Codes of <paramref name="bitCount"/> bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bits are no multiple of 8 from 8 to 32,768.</exception>
    public HammingCodes(int bitCount)
        : this(bitCount, InstructionSets.Best)
    {
    }

    internal HammingCodes(int bitCount, InstructionSet instructionSet)
    {
        if (bitCount is < 8 or > 32_768 || bitCount % 8 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bitCount), bitCount, "Codes have a multiple of 8 bits, from 8 to 32,768.");
        }

        BitCount = bitCount;
        _byteCount = bitCount / 8;
        _slabBlockCount = Math.Min(MaxSlabBlockCount, MaxSlabSize / (BlockRowCount * _byteCount));
        _level = PlaneSums.GetLevel(instructionSet);
    }

    /// <summary>Bits of a code.</summary>
    public int BitCount { get; }

    /// <summary>The number of codes.</summary>
    public int Count { get; private set; }

    /// <summary>Adds codes; their ids follow those of the codes before.</summary>
    /// <param name="codes">One after the other, <see cref="BitCount"/> / 8 bytes each.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of codes.</exception>
    public void Add(ReadOnlySpan<byte> codes)
    {
        CheckLength(codes.Length, nameof(codes));
        for (int offset = 0; offset < codes.Length; offset += _byteCount)
        {
            (int block, int row) = (Count / BlockRowCount, Count % BlockRowCount);
            if (block == _slabs.Count * _slabBlockCount)
            {
                byte[] bytes = CacheLines.Allocate(_slabBlockCount * BlockRowCount * _byteCount, out int first);
                _slabs.Add((bytes, first));
            }

            (byte[] slab, int start) = _slabs[block / _slabBlockCount];
            Span<byte> target = slab.AsSpan(start + (block % _slabBlockCount * BlockRowCount * _byteCount) + GetPlace(row));
            for (int i = 0; i < _byteCount; i++)
            {
                target[i * BlockRowCount] = codes[offset + i];
            }

            Count = checked(Count + 1);
        }
    }

    /// <summary>Finds the nearest codes of one or more queries.</summary>
    /// <param name="queries">One after the other, <see cref="BitCount"/> / 8 bytes each.</param>
    /// <param name="count">k, how many to find.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <returns>Per query up to k ids, nearest first and the lower id on a tie; the score is the negative distance.</returns>
    /// <exception cref="ArgumentException">The bytes are no whole number of codes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">k is negative or there are no threads.</exception>
    public ScoredId[][] Search(ReadOnlySpan<byte> queries, int count, int threads = 1)
    {
        CheckLength(queries.Length, nameof(queries));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int queryCount = queries.Length / _byteCount;
        QueryTables tables = new(this, queries);
        TopK[][] parts = new TopK[Math.Min(threads, Math.Max(1, _slabs.Count))][];
        void Scan(int part)
        {
            parts[part] = [.. Enumerable.Range(0, queryCount).Select(_ => new TopK(count))];
            for (int slab = part; slab < _slabs.Count; slab += parts.Length)
            {
                ScanSlab(slab, tables, parts[part]);
            }
        }

        if (parts.Length == 1)
        {
            Scan(0);
        }
        else
        {
            Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = parts.Length }, Scan);
        }

        ScoredId[][] results = new ScoredId[queryCount][];
        for (int query = 0; query < queryCount; query++)
        {
            foreach (TopK[] part in parts.AsSpan(1))
            {
                parts[0][query].Merge(part[query]);
            }

            results[query] = parts[0][query].ToSortedArray();
        }

        return results;
    }

    private static int GetPlace(int row) => row < BlockRowCount / 2 ? 2 * row : (2 * row) - BlockRowCount + 1;

    private void CheckLength(int length, string parameter)
    {
        if (length % _byteCount != 0)
        {
            throw new ArgumentException($"{length} bytes are no whole number of codes of {_byteCount} bytes.", parameter);
        }
    }

    // Ids ascend within a slab and from slab to slab, so a code at the distance of the worst one kept never displaces it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanSlab(int slab, QueryTables tables, TopK[] best)
    {
        (byte[] bytes, int offset) = _slabs[slab];
        ReadOnlySpan<byte> codes = bytes.AsSpan(offset);
        int firstId = slab * _slabBlockCount * BlockRowCount;
        int rowCount = Math.Min(Count - firstId, _slabBlockCount * BlockRowCount);
        int blockCount = (rowCount + BlockRowCount - 1) / BlockRowCount;
        int cachedCount = Math.Max(1, CachedSize / (BlockRowCount * _byteCount));
        Span<ushort> sums = CacheLines.Align(stackalloc ushort[(PlaneSums.MaxTileHeight * BlockRowCount) + CacheLines.Size]);
        ReadOnlySpan<PlanePlace> places = [new PlanePlace(0, _byteCount)];
        for (int start = 0; start < blockCount; start += cachedCount)
        {
            int end = Math.Min(blockCount, start + cachedCount);
            for (int query = 0; query < best.Length;)
            {
                int height = tables.GetHeight(query);
                int tableOffset = tables.GetOffset(query);
                for (int block = start; block < end; block++)
                {
                    PlaneSums.Add(_level, places, [tableOffset], StepsPerByteSum, height, block, codes, tables.Bytes, sums);
                    int count = Math.Min(BlockRowCount, rowCount - (block * BlockRowCount));
                    for (int row = 0; row < height; row++)
                    {
                        Offer(sums.Slice(row * BlockRowCount, BlockRowCount), count, firstId + (block * BlockRowCount), best[query + row]);
                    }
                }

                query += height;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Offer(ReadOnlySpan<ushort> equalBits, int count, int firstId, TopK best)
    {
        // With room left, anything passes; else more equal bits than the worst one kept has.
        int most = best.Count < best.Capacity ? -1 : best.Capacity == 0 ? BitCount : BitCount + (int)best.Threshold;
        if (most >= 0 && !IsAnyAbove(equalBits, (ushort)most))
        {
            return;
        }

        for (int row = 0; row < count; row++)
        {
            if (equalBits[row] > most && best.Add(firstId + row, equalBits[row] - BitCount) && best.Count == best.Capacity)
            {
                most = BitCount + (int)best.Threshold;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsAnyAbove(ReadOnlySpan<ushort> values, ushort limit)
    {
        ref ushort first = ref MemoryMarshal.GetReference(values);
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<ushort> larger =
                Vector512.Max(Vector512.LoadUnsafe(ref first), Vector512.LoadUnsafe(ref first, (nuint)Vector512<ushort>.Count));
            return Vector512.GreaterThanAny(larger, Vector512.Create(limit));
        }

        Vector256<ushort> largest = Vector256<ushort>.Zero;
        for (nuint i = 0; i < BlockRowCount; i += (nuint)Vector256<ushort>.Count)
        {
            largest = Vector256.Max(largest, Vector256.LoadUnsafe(ref first, i));
        }

        return Vector256.GreaterThanAny(largest, Vector256.Create(limit));
    }

    // Each bit of a query is a weight of 1, positive where it is set: sums then count the equal bits.
    private sealed class QueryTables
    {
        private readonly byte[] _tables;
        private readonly int _start;
        private readonly int _tileSize;
        private readonly int _fourCount;
        private readonly int _singleSize;

        public QueryTables(HammingCodes codes, ReadOnlySpan<byte> queries)
        {
            int byteCount = codes._byteCount;
            int count = queries.Length / byteCount;
            _fourCount = count / PlaneSums.MaxTileHeight * PlaneSums.MaxTileHeight;
            _tileSize = PlaneTables.GetSize(codes._level, byteCount, PlaneSums.MaxTileHeight);
            _singleSize = PlaneTables.GetSize(codes._level, byteCount, 1);
            _tables = CacheLines.Allocate((_fourCount / PlaneSums.MaxTileHeight * _tileSize) + ((count - _fourCount) * _singleSize),
                out _start);
            short[] weights = new short[queries.Length * 8];
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = (short)(((queries[i / 8] >> (i % 8)) & 1) == 1 ? 1 : -1);
            }

            for (int query = 0; query < count; query += GetHeight(query))
            {
                int height = GetHeight(query);
                Span<byte> target = _tables.AsSpan(_start + GetOffset(query), height == 1 ? _singleSize : _tileSize);
                PlaneTables.Fill(codes._level, weights.AsSpan(query * byteCount * 8, height * byteCount * 8), byteCount, height, target);
            }

        }

        public ReadOnlySpan<byte> Bytes => _tables.AsSpan(_start);

        public int GetHeight(int query) => query < _fourCount ? PlaneSums.MaxTileHeight : 1;

        public int GetOffset(int query) =>
            query < _fourCount
                ? query / PlaneSums.MaxTileHeight * _tileSize
                : (_fourCount / PlaneSums.MaxTileHeight * _tileSize) + ((query - _fourCount) * _singleSize);
    }
}
