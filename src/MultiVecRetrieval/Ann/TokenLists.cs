using System.Buffers.Binary;
using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization.Codes;

namespace MultiVecRetrieval.Ann;

/// <summary>Inverted lists over centroids: for each centroid the entries that have a row in its cell. Immutable and thread-safe.</summary>
/// <remarks>
/// A search reads, per query row, the lists of the nearest centroids. An entry's score adds, per query row, the similarity of the best
/// centroid in whose list it was met, or an imputed similarity when it was met in none. Source of the imputation: Scheerer et al., WARP,
/// SIGIR 2025, arXiv:2501.17788 (WARP_SELECT).
/// </remarks>
internal sealed class TokenLists
{
    /// <summary>Entries that share two-byte postings and one array of sums.</summary>
    public const int BlockEntryCount = 65_536;

    private const int Version = 1;
    private const int HeaderSize = 20;

    private readonly int[] _offsets;
    private readonly ushort[] _postings;

    /// <summary>Lists that are known to be sound.</summary>
    internal TokenLists(Codebook codebook, int entryCount, int[] offsets, ushort[] postings)
    {
        Codebook = codebook;
        EntryCount = entryCount;
        _offsets = offsets;
        _postings = postings;
        ListSizes = new long[codebook.Count];
        for (int list = 0; list < offsets.Length - 1; list++)
        {
            ListSizes[list % codebook.Count] += offsets[list + 1] - offsets[list];
        }
    }

    /// <summary>The centroids.</summary>
    public Codebook Codebook { get; }

    /// <summary>The number of entries; they are numbered from 0.</summary>
    public int EntryCount { get; }

    /// <summary>The number of postings.</summary>
    public int PostingCount => _postings.Length;

    /// <summary>Postings per centroid.</summary>
    internal long[] ListSizes { get; }

    /// <summary>Blocks of entries.</summary>
    internal int BlockCount => (EntryCount + BlockEntryCount - 1) / BlockEntryCount;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such lists.</exception>
    public static TokenLists Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
        {
            throw new InvalidDataException($"Token lists of {bytes.Length} bytes have no header of {HeaderSize}.");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        int dimension = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        int entryCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        int postingCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        if (version != Version || dimension < 1 || count is < 1 or > Codebook.MaxCount || entryCount < 0 || postingCount < 0)
        {
            throw new InvalidDataException(
                $"Token lists of version {version}, d = {dimension}, {count} centroids, {entryCount} entries, {postingCount} postings; expected version {Version}.");
        }

        long listCount = ((long)entryCount + BlockEntryCount - 1) / BlockEntryCount * count;
        Int128 size =
            HeaderSize + ((Int128)count * dimension * sizeof(float)) + ((listCount + 1) * sizeof(int))
            + ((long)postingCount * sizeof(ushort));
        if (bytes.Length != size)
        {
            throw new InvalidDataException($"The token lists take {size} bytes, {bytes.Length} were given.");
        }

        float[] centroids = new float[count * dimension];
        int offset = HeaderSize;
        for (int i = 0; i < centroids.Length; i++, offset += sizeof(float))
        {
            centroids[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[offset..]);
        }

        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(centroids)))
        {
            throw new InvalidDataException("A centroid of the token lists has a value that is NaN or infinite.");
        }

        int[] offsets = new int[listCount + 1];
        for (int i = 0; i < offsets.Length; i++, offset += sizeof(int))
        {
            offsets[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[offset..]);
        }

        ushort[] postings = new ushort[postingCount];
        for (int i = 0; i < postings.Length; i++, offset += sizeof(ushort))
        {
            postings[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);
        }

        Check(count, entryCount, offsets, postings);
        return new TokenLists(new Codebook(dimension, centroids, isSpherical: true), entryCount, offsets, postings);
    }

    /// <summary>The lists as bytes; described in docs/format.md.</summary>
    public byte[] Write()
    {
        byte[] bytes =
            new byte[checked(HeaderSize + ((Codebook.Values.Length + _offsets.Length) * sizeof(int))
            + (_postings.Length * sizeof(ushort)))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Codebook.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Codebook.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), EntryCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), _postings.Length);
        int offset = HeaderSize;
        foreach (float value in Codebook.Values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(offset), value);
            offset += sizeof(float);
        }

        foreach (int value in _offsets)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
            offset += sizeof(int);
        }

        foreach (ushort posting in _postings)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset), posting);
            offset += sizeof(ushort);
        }

        return bytes;
    }

    /// <summary>Finds the entries whose codes score best.</summary>
    /// <param name="query">At least one row of d finite values.</param>
    /// <param name="options">How much to read and to return.</param>
    /// <param name="wanted">One bit per entry, entry e at bit e mod 64 of word e / 64: only these are candidates. Empty when all
    /// are.</param>
    /// <exception cref="ArgumentException">The query rows have another length, are none or not finite, or <paramref name="wanted"/> has too
    /// few words.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public TokenListsResult Search(MultiVectorView query, TokenListsOptions options, ReadOnlySpan<ulong> wanted = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ProbeCount, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ImputationCount, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CandidateCount, 1, nameof(options));
        if (query.Dimension != Codebook.Dimension || query.RowCount == 0)
        {
            throw new ArgumentException(
                $"The query has {query.RowCount} rows of d = {query.Dimension}; expected at least one of d = {Codebook.Dimension}.",
                nameof(query));
        }

        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(query.Values)))
        {
            throw new ArgumentException("The query has a value that is NaN or infinite.", nameof(query));
        }

        if (!wanted.IsEmpty && wanted.Length < (EntryCount + 63) / 64)
        {
            throw new ArgumentException($"{EntryCount} entries need {(EntryCount + 63) / 64} words of bits, {wanted.Length} were given.",
                nameof(wanted));
        }

        return TokenListsSearch.Run(this, query, options, wanted);
    }

    /// <summary>The entries of a block that have a row in the cell of a centroid, ascending, from the first entry of the block
    /// on.</summary>
    internal ReadOnlySpan<ushort> GetList(int block, int centroid)
    {
        int list = (block * Codebook.Count) + centroid;
        return _postings.AsSpan(_offsets[list]..(_offsets[list + 1]));
    }

    private static void Check(int count, int entryCount, int[] offsets, ushort[] postings)
    {
        if (offsets[0] != 0 || offsets[^1] != postings.Length)
        {
            throw new InvalidDataException($"The token lists go from {offsets[0]} to {offsets[^1]}; expected 0 to {postings.Length}.");
        }

        for (int list = 0; list < offsets.Length - 1; list++)
        {
            if (offsets[list + 1] < offsets[list] || offsets[list + 1] > postings.Length)
            {
                throw new InvalidDataException(
                    $"Token list {list} goes from {offsets[list]} to {offsets[list + 1]} of {postings.Length} postings.");
            }

            int blockEntryCount = Math.Min(BlockEntryCount, entryCount - (list / count * BlockEntryCount));
            int previous = -1;
            foreach (ushort entry in postings.AsSpan(offsets[list]..offsets[list + 1]))
            {
                if (entry <= previous || entry >= blockEntryCount)
                {
                    throw new InvalidDataException($"Token list {list} has entry {entry} after {previous}, of {blockEntryCount}.");
                }

                previous = entry;
            }
        }
    }
}
