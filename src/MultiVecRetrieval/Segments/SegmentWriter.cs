using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;

namespace MultiVecRetrieval.Segments;

/// <summary>
/// Writes one segment file. The header stays zero until <see cref="Complete"/>, so that a file cut short is never taken for a
/// whole one. Disposing without completing deletes the file.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly Storage _storage;
    private readonly long _segmentId;
    private readonly Space _space;
    private readonly FileStream _file;
    private readonly List<EntryRecord> _entries = [];
    private readonly List<uint> _blockChecksums = [];
    private Crc32C _blockChecksum = Crc32C.Start();
    private int _blockFill;
    private long _offset = SegmentLayout.HeaderLength;
    private long _rowCount;
    private bool _isComplete;

    public SegmentWriter(Storage storage, string folder, long segmentId, Space space)
    {
        _storage = storage;
        _segmentId = segmentId;
        _space = space;
        Path = System.IO.Path.Combine(folder, SegmentLayout.GetFileName(segmentId));
        _file = storage.Create(Path);
        try
        {
            _storage.Write(_file, new byte[SegmentLayout.HeaderLength]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    public int EntryCount => _entries.Count;

    /// <summary>Appends an entry; ids ascend.</summary>
    public void Add(long entryId, ReadOnlySpan<byte> packedRows, int rowCount, ReadOnlySpan<byte> places, EntryFlags flags)
    {
        if (_entries.Count > 0 && entryId <= _entries[^1].EntryId)
        {
            throw new ArgumentException($"Entry {entryId} does not follow {_entries[^1].EntryId}.", nameof(entryId));
        }

        if (_entries.Count == int.MaxValue / SegmentLayout.EntryRecordLength)
        {
            throw new InvalidOperationException($"A segment holds at most {_entries.Count} entries.");
        }

        Pad();
        long rowsOffset = _offset;
        Append(packedRows);
        long placesOffset = places.IsEmpty ? 0 : _offset;
        Append(places);
        _entries.Add(new EntryRecord(entryId, rowsOffset, placesOffset, rowCount, flags));
        _rowCount += rowCount;
    }

    /// <summary>Writes tables and header and returns once the file is on the device; its folder still has to be synchronised.</summary>
    public SegmentRecord Complete()
    {
        Pad();
        FinishBlock();
        ReadOnlySpan<byte> entryTable = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_entries));
        ReadOnlySpan<byte> blockTable = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_blockChecksums));
        long blockTableOffset = _offset + entryTable.Length;
        long fileLength = blockTableOffset + blockTable.Length;
        _storage.Write(_file, entryTable);
        _storage.Write(_file, blockTable);

        _file.Position = 0;
        _storage.Write(_file, BuildHeader(entryTable, blockTable, blockTableOffset, fileLength));
        _storage.Sync(_file);
        _file.Dispose();
        _isComplete = true;
        return new SegmentRecord
        {
            Id = _segmentId,
            SpaceName = _space.Name,
            RowFormat = _space.RowFormat,
            EntryCount = _entries.Count,
            RowCount = _rowCount,
            SizeInBytes = fileLength,
            FirstEntry = _entries.Count == 0 ? 0 : _entries[0].EntryId,
            LastEntry = _entries.Count == 0 ? -1 : _entries[^1].EntryId,
        };
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

    private byte[] BuildHeader(ReadOnlySpan<byte> entryTable, ReadOnlySpan<byte> blockTable, long blockTableOffset, long fileLength)
    {
        byte[] header = new byte[SegmentLayout.HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(SegmentLayout.MagicOffset), SegmentLayout.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(SegmentLayout.VersionOffset), SegmentLayout.FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(SegmentLayout.KindOffset), SegmentLayout.RowsKind);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentLayout.FileLengthOffset), fileLength);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentLayout.SegmentIdOffset), _segmentId);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(SegmentLayout.DimensionOffset), _space.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(SegmentLayout.RowFormatOffset), (int)_space.RowFormat);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(SegmentLayout.EntryCountOffset), _entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentLayout.RowCountOffset), _rowCount);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentLayout.EntryTableOffset), _offset);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentLayout.BlockTableOffset), blockTableOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(SegmentLayout.EntryTableChecksumOffset), Crc32C.Compute(entryTable));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(SegmentLayout.BlockTableChecksumOffset), Crc32C.Compute(blockTable));
        SegmentLayout.Digest(_space.Id).CopyTo(header, SegmentLayout.SpaceDigestOffset);
        uint checksum = Crc32C.Compute(header.AsSpan(0, SegmentLayout.HeaderChecksumOffset));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(SegmentLayout.HeaderChecksumOffset), checksum);
        return header;
    }

    private void Pad()
    {
        Span<byte> zeros = stackalloc byte[SegmentLayout.RowAlignment];
        zeros.Clear();
        Append(zeros[..(int)(SegmentLayout.Align(_offset) - _offset)]);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _storage.Write(_file, bytes);
        _offset += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int taken = Math.Min(bytes.Length, SegmentLayout.BlockLength - _blockFill);
            _blockChecksum.Append(bytes[..taken]);
            _blockFill += taken;
            bytes = bytes[taken..];
            if (_blockFill == SegmentLayout.BlockLength)
            {
                FinishBlock();
            }
        }
    }

    private void FinishBlock()
    {
        if (_blockFill == 0)
        {
            return;
        }

        _blockChecksums.Add(_blockChecksum.Value);
        _blockChecksum = Crc32C.Start();
        _blockFill = 0;
    }
}
