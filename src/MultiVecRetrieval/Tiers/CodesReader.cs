using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>
/// A memory-mapped file of codes. Opening checks header and chunk table; a chunk is checked, checksum and contents, when it is first
/// asked for, so that a search reads no byte that was not checked and opening stays cheap.
/// </summary>
internal sealed unsafe class CodesReader : IDisposable
{
    private const byte Sound = 1;
    private const byte Damaged = 2;

    private readonly MappedFile _file;
    private readonly long _tableOffset;
    private readonly int _chunkCount;
    private readonly byte[] _states;
    private readonly Lock _indexGate = new();
    private readonly int _dimension;
    private SegmentIndex? _index;
    private volatile string? _problem;

    /// <exception cref="CorruptSegmentException">The file is missing, cut short, changed, or belongs to another segment or
    /// tier.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    public CodesReader(string path, TierFileRecord record, TierRecord tier, Space space, int entryCount)
    {
        Path = path;
        _dimension = space.Dimension;
        _file = new MappedFile(path, SegmentLayout.HeaderLength);
        try
        {
            ReadOnlySpan<byte> header = _file.Slice(0, SegmentLayout.HeaderLength);
            TierLayout.CheckHeader(header, path, TierLayout.CodesKind, _file.Length, record.SegmentId, space);
            TierLayout.Expect(path, TierLayout.TierIdOffset, "tier", tier.Id,
                BinaryPrimitives.ReadInt64LittleEndian(header[TierLayout.TierIdOffset..]));
            TierLayout.Expect(
                path, SegmentLayout.EntryCountOffset, "entry count", entryCount,
                    BinaryPrimitives.ReadInt32LittleEndian(header[SegmentLayout.EntryCountOffset..]));
            TierLayout.Expect(
                path,
                TierLayout.ParametersChecksumOffset,
                "parameters with CRC-32C",
                tier.Checksum,
                BinaryPrimitives.ReadUInt32LittleEndian(header[TierLayout.ParametersChecksumOffset..]));
            LargestNorm = BinaryPrimitives.ReadSingleLittleEndian(header[TierLayout.LargestNormOffset..]);
            _tableOffset = BinaryPrimitives.ReadInt64LittleEndian(header[TierLayout.ChunkTableOffset..]);
            _chunkCount = BinaryPrimitives.ReadInt32LittleEndian(header[TierLayout.ChunkCountOffset..]);
            CheckTable(BinaryPrimitives.ReadUInt32LittleEndian(header[TierLayout.ChunkTableChecksumOffset..]), entryCount);
            _states = new byte[_chunkCount];
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public long SizeInBytes => _file.Length;

    /// <summary>The largest Euclidean norm of a row that was encoded.</summary>
    public float LargestNorm { get; }

    /// <summary>What reading chunks has found to be wrong; null when nothing.</summary>
    public string? Problem => _problem;

    /// <summary>The chunks, by the entries of the segment that they hold.</summary>
    public ReadOnlySpan<ChunkRecord> Chunks =>
        MemoryMarshal.Cast<byte, ChunkRecord>(_file.Slice(_tableOffset, _chunkCount * Marshal.SizeOf<ChunkRecord>()));

    /// <summary>The index of the chunk that holds an entry of the segment.</summary>
    public int FindChunk(int entry)
    {
        ReadOnlySpan<ChunkRecord> chunks = Chunks;
        int low = 0;
        int high = chunks.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if (chunks[middle].FirstEntry <= entry)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>The bytes of a chunk; false when it is damaged and its entries are to be scored exactly.</summary>
    public bool TryGetChunk(int index, EntryCodec codec, out ReadOnlySpan<byte> bytes)
    {
        ChunkRecord chunk = Chunks[index];
        bytes = _file.Slice(chunk.Offset, (int)Math.Min(int.MaxValue, chunk.Length));
        byte state = Volatile.Read(ref _states[index]);
        if (state == 0)
        {
            state = IsSound(chunk, bytes, codec) ? Sound : Damaged;
            Volatile.Write(ref _states[index], state);
        }

        return state == Sound;
    }

    /// <summary>The index that is the one chunk of the file; null when it is damaged and its entries are to be scored exactly.</summary>
    public SegmentIndex? GetIndex(IndexTier tier)
    {
        if (_problem is null && Volatile.Read(ref _index) is { } known)
        {
            return known;
        }

        lock (_indexGate)
        {
            if (_index is not null || _problem is not null)
            {
                return _problem is null ? _index : null;
            }

            try
            {
                return _index = OpenIndex(tier);
            }
            catch (InvalidDataException exception)
            {
                _problem = $"{Path} is corrupt: {exception.Message}";
                return null;
            }
        }
    }

    /// <summary>Checks the index.</summary>
    /// <exception cref="CorruptSegmentException">It is damaged.</exception>
    public void VerifyIndex(IndexTier tier)
    {
        if (_chunkCount > 0 && GetIndex(tier) is null)
        {
            throw new CorruptSegmentException(Path, Chunks[0].Offset, "a sound index", _problem ?? "another");
        }
    }

    /// <summary>Takes note of damage that another reader of the file found: no chunk is trusted any more.</summary>
    public void ReportDamage(string problem)
    {
        _problem = problem;
        _states.AsSpan().Fill(Damaged);
    }

    /// <summary>Checks every chunk.</summary>
    /// <exception cref="CorruptSegmentException">A chunk is damaged.</exception>
    public void Verify(EntryCodec codec, CancellationToken cancellationToken)
    {
        for (int i = 0; i < _chunkCount; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryGetChunk(i, codec, out _))
            {
                throw new CorruptSegmentException(Path, Chunks[i].Offset, $"a sound chunk of codes {codec.Spec}", _problem ?? "another");
            }
        }
    }

    public void Dispose()
    {
        _index?.Dispose();
        _file.Dispose();
    }

    private SegmentIndex OpenIndex(IndexTier tier)
    {
        if (_chunkCount != 1)
        {
            throw new InvalidDataException($"An index is one chunk, there are {_chunkCount}.");
        }

        ChunkRecord chunk = Chunks[0];
        uint actual = _file.GetChecksum(chunk.Offset, chunk.Length);
        return actual == chunk.Checksum
            ? tier.Open(_file.GetPointer(chunk.Offset), chunk.Length, chunk.EntryCount, _dimension)
            : throw new InvalidDataException($"expected an index with CRC-32C {chunk.Checksum:x8}, found {actual:x8}.");
    }

    private bool IsSound(ChunkRecord chunk, ReadOnlySpan<byte> bytes, EntryCodec codec)
    {
        uint actual = Crc32C.Compute(bytes);
        if (chunk.Length > int.MaxValue)
        {
            _problem = $"{Path} is corrupt at byte {chunk.Offset}: expected a chunk of codes, found {chunk.Length} bytes.";
            return false;
        }

        if (actual != chunk.Checksum)
        {
            _problem = $"{Path} is corrupt at byte {chunk.Offset}: expected codes with CRC-32C {chunk.Checksum:x8}, found {actual:x8}.";
            return false;
        }

        try
        {
            codec.Check(bytes, chunk.EntryCount);
            return true;
        }
        catch (InvalidDataException exception)
        {
            _problem = $"{Path} is corrupt at byte {chunk.Offset}: {exception.Message}";
            return false;
        }
    }

    private void CheckTable(uint expected, int entryCount)
    {
        int size = Marshal.SizeOf<ChunkRecord>();
        bool fits = _chunkCount >= 0 && _tableOffset >= SegmentLayout.HeaderLength && _tableOffset <= _file.Length
            && _file.Length - _tableOffset == (long)_chunkCount * size;
        if (!fits)
        {
            throw new CorruptSegmentException(Path, TierLayout.ChunkTableOffset, "a chunk table that ends with the file",
                $"{_chunkCount} chunks at {_tableOffset}");
        }

        uint actual = Crc32C.Compute(_file.Slice(_tableOffset, _chunkCount * size));
        if (actual != expected)
        {
            throw new CorruptSegmentException(Path, _tableOffset, $"a chunk table with CRC-32C {expected:x8}", $"{actual:x8}");
        }

        int next = 0;
        foreach (ChunkRecord chunk in Chunks)
        {
            bool isWithin = chunk.Offset >= SegmentLayout.HeaderLength && chunk.Offset % SegmentLayout.RowAlignment == 0
                && chunk.Length >= 0 && chunk.Offset <= _tableOffset - chunk.Length && chunk.FirstEntry == next && chunk.EntryCount > 0
                && chunk.EntryCount <= entryCount - next;
            if (!isWithin)
            {
                throw new CorruptSegmentException(Path, _tableOffset, "chunks within the file", chunk.ToString());
            }

            next += chunk.EntryCount;
        }

        if (next != entryCount)
        {
            throw new CorruptSegmentException(Path, _tableOffset, $"chunks of {entryCount} entries", $"{next}");
        }
    }
}
