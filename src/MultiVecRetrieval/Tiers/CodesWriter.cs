using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>Writes one file of codes; the header comes last, and disposing without completing deletes the file.</summary>
internal sealed class CodesWriter : IDisposable
{
    private readonly Storage _storage;
    private readonly FileStream _file;
    private readonly List<ChunkRecord> _chunks = [];
    private long _offset = SegmentLayout.HeaderLength;
    private int _entryCount;
    private ChunkStream? _open;
    private bool _isComplete;

    public CodesWriter(Storage storage, string folder, long id)
    {
        _storage = storage;
        Id = id;
        Path = System.IO.Path.Combine(folder, TierLayout.GetCodesFileName(id));
        _file = storage.Create(Path);
        try
        {
            storage.Write(_file, new byte[SegmentLayout.HeaderLength]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Id { get; }

    public string Path { get; }

    /// <summary>Appends the codes of the next entries.</summary>
    public void Add(ReadOnlySpan<byte> chunk, int entryCount)
    {
        using (Stream stream = BeginChunk())
        {
            stream.Write(chunk);
        }

        EndChunk(entryCount);
    }

    /// <summary>Begins a chunk of any length that is written to the stream; <see cref="EndChunk"/> ends it.</summary>
    public Stream BeginChunk()
    {
        Span<byte> zeros = stackalloc byte[SegmentLayout.RowAlignment];
        zeros.Clear();
        int padding = (int)(SegmentLayout.Align(_offset) - _offset);
        _storage.Write(_file, zeros[..padding]);
        _offset += padding;
        _open = new ChunkStream(_storage, _file);
        return _open;
    }

    public void EndChunk(int entryCount)
    {
        _chunks.Add(new ChunkRecord(_offset, _open!.Length, _open.Checksum, _entryCount, entryCount));
        _offset += _open.Length;
        _entryCount += entryCount;
        _open = null;
    }

    /// <summary>Writes table and header and returns once the file is on the device; its folder still has to be synchronised.</summary>
    public TierFileRecord Complete(long segmentId, TierRecord tier, Space space, float largestNorm)
    {
        Span<byte> zeros = stackalloc byte[SegmentLayout.RowAlignment];
        zeros.Clear();
        long tableOffset = SegmentLayout.Align(_offset);
        ReadOnlySpan<byte> table = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_chunks));
        long fileLength = tableOffset + table.Length;
        _storage.Write(_file, zeros[..(int)(tableOffset - _offset)]);
        _storage.Write(_file, table);

        byte[] header = TierLayout.CreateHeader(TierLayout.CodesKind, fileLength, segmentId, space);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(SegmentLayout.EntryCountOffset), _entryCount);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(TierLayout.TierIdOffset), tier.Id);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(TierLayout.ChunkTableOffset), tableOffset);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(TierLayout.ChunkCountOffset), _chunks.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(TierLayout.ChunkTableChecksumOffset), Crc32C.Compute(table));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(TierLayout.ParametersChecksumOffset), tier.Checksum);
        BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(TierLayout.LargestNormOffset), largestNorm);
        TierLayout.Seal(header);
        _file.Position = 0;
        _storage.Write(_file, header);
        _storage.Sync(_file);
        _file.Dispose();
        _isComplete = true;
        return new TierFileRecord(Id, segmentId, tier.Id, fileLength);
    }

    public void Dispose()
    {
        if (_isComplete)
        {
            return;
        }

        _isComplete = true;
        // Buffered bytes are of no use any more, and writing them may fail a second time on a full disk.
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
        }

        File.Delete(Path);
    }
}
