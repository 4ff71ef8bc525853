using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Segments;

/// <summary>
/// A memory-mapped segment file. Opening checks length, header, entry table and block table by their checksums, and every
/// offset by its range, so that no later read can leave the file; <see cref="Verify"/> checks the rows too.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly MappedFile _file;
    private readonly long _length;
    private readonly long _entryTableOffset;
    private readonly long _blockTableOffset;

    /// <exception cref="CorruptSegmentException">The file is missing, cut short or changed.</exception>
    /// <exception cref="UnsupportedFormatException">The file was written by a later version.</exception>
    public SegmentReader(string path, long segmentId, Space space)
    {
        Path = path;
        Id = segmentId;
        Space = space;
        _file = new MappedFile(path, SegmentLayout.HeaderLength);
        _length = _file.Length;
        try
        {
            ReadOnlySpan<byte> header = CheckHeader(segmentId);
            EntryCount = BinaryPrimitives.ReadInt32LittleEndian(header[SegmentLayout.EntryCountOffset..]);
            RowCount = BinaryPrimitives.ReadInt64LittleEndian(header[SegmentLayout.RowCountOffset..]);
            _entryTableOffset = BinaryPrimitives.ReadInt64LittleEndian(header[SegmentLayout.EntryTableOffset..]);
            _blockTableOffset = BinaryPrimitives.ReadInt64LittleEndian(header[SegmentLayout.BlockTableOffset..]);
            CheckTables(header);
            CheckEntries();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>The id of the segment.</summary>
    public long Id { get; }

    /// <summary>The space, with the row format of this file.</summary>
    public Space Space { get; }

    public int EntryCount { get; }

    public long RowCount { get; }

    public long SizeInBytes => _length;

    /// <summary>Where each entry lies, by ascending entry id.</summary>
    public ReadOnlySpan<EntryRecord> Entries =>
        MemoryMarshal.Cast<byte, EntryRecord>(Slice(_entryTableOffset, EntryCount * SegmentLayout.EntryRecordLength));

    /// <summary>The packed rows of the entry at <paramref name="index"/>, 64-byte aligned.</summary>
    public ReadOnlySpan<byte> GetRows(int index) => GetRows(Entries[index]);

    /// <summary>The packed rows of <paramref name="entry"/>, one of <see cref="Entries"/>.</summary>
    public ReadOnlySpan<byte> GetRows(in EntryRecord entry) =>
        Slice(entry.RowsOffset, (int)PackedRows.GetSizeInBytes(Space.RowFormat, entry.RowCount, Space.Dimension));

    /// <summary>The encoded places of the entry at <paramref name="index"/>; empty when its rows have none.</summary>
    public ReadOnlySpan<byte> GetPlaces(int index)
    {
        EntryRecord entry = Entries[index];
        return Slice(entry.PlacesOffset, (int)PlaceCodec.GetLength(entry.Flags, entry.RowCount));
    }

    /// <summary>The place of a row, and those that it stands for when they are several.</summary>
    /// <exception cref="CorruptSegmentException">The places are damaged.</exception>
    public (Place Place, Place[]? Members) GetPlace(int index, int row)
    {
        EntryRecord entry = Entries[index];
        ReadOnlySpan<byte> encoded = GetPlaces(index);
        try
        {
            return (PlaceCodec.Decode(encoded, row, entry.RowCount, entry.Flags),
                PlaceCodec.DecodeMembers(encoded, row, entry.RowCount, entry.Flags));
        }
        catch (InvalidDataException error)
        {
            throw Corrupt(entry.PlacesOffset, "lists of places one after the other", error.Message);
        }
    }

    /// <summary>The index of an entry, or a negative number when the segment does not hold it.</summary>
    public int IndexOf(long entryId)
    {
        ReadOnlySpan<EntryRecord> entries = Entries;
        int low = 0;
        int high = entries.Length - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) >> 1);
            long found = entries[middle].EntryId;
            if (found == entryId)
            {
                return middle;
            }

            if (found < entryId)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1;
    }

    /// <summary>Restores the rows of an entry with their places.</summary>
    public MultiVector Read(int index)
    {
        EntryRecord entry = Entries[index];
        float[] values = new float[entry.RowCount * Space.Dimension];
        PackedRows.Unpack(Space.RowFormat, GetRows(index), entry.RowCount, Space.Dimension, values);
        if (!entry.Flags.HasFlag(EntryFlags.Boxes))
        {
            return new MultiVector(Space.Dimension, values) { Reduction = Space.Reduction };
        }

        Place[] places = new Place[entry.RowCount];
        Place[]?[] members = new Place[entry.RowCount][];
        for (int i = 0; i < places.Length; i++)
        {
            (places[i], members[i]) = GetPlace(index, i);
        }

        return new MultiVector(Space.Dimension, values, places) { Members = members, Reduction = Space.Reduction };
    }

    /// <summary>Checks every block of rows and places against its checksum.</summary>
    /// <exception cref="CorruptSegmentException">A block differs; the offset is that of the block.</exception>
    public void Verify(CancellationToken cancellationToken)
    {
        ReadOnlySpan<uint> checksums = MemoryMarshal.Cast<byte, uint>(Slice(_blockTableOffset, (int)(_length - _blockTableOffset)));
        for (int i = 0; i < checksums.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long offset = SegmentLayout.HeaderLength + ((long)i * SegmentLayout.BlockLength);
            uint actual = Crc32C.Compute(Slice(offset, (int)Math.Min(SegmentLayout.BlockLength, _entryTableOffset - offset)));
            if (actual != checksums[i])
            {
                throw Corrupt(offset, $"a block with CRC-32C {checksums[i]:x8}", $"{actual:x8}");
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> CheckHeader(long segmentId)
    {
        ReadOnlySpan<byte> header = Slice(0, SegmentLayout.HeaderLength);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header[SegmentLayout.MagicOffset..]);
        if (magic != SegmentLayout.Magic)
        {
            throw Corrupt(SegmentLayout.MagicOffset, "magic MVRS", Convert.ToHexString(header[..4]));
        }

        // Every version keeps length and place of the header checksum, so that damage and a later version are told apart.
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(header[SegmentLayout.HeaderChecksumOffset..]);
        uint actual = Crc32C.Compute(header[..SegmentLayout.HeaderChecksumOffset]);
        if (actual != expected)
        {
            throw Corrupt(0, $"a header with CRC-32C {expected:x8}", $"{actual:x8}");
        }

        int version = BinaryPrimitives.ReadUInt16LittleEndian(header[SegmentLayout.VersionOffset..]);
        if (version != SegmentLayout.FormatVersion)
        {
            throw new UnsupportedFormatException(Path, version, SegmentLayout.FormatVersion);
        }

        Expect(SegmentLayout.KindOffset, "kind", SegmentLayout.RowsKind,
            BinaryPrimitives.ReadUInt16LittleEndian(header[SegmentLayout.KindOffset..]));
        Expect(SegmentLayout.FileLengthOffset, "file length",
            BinaryPrimitives.ReadInt64LittleEndian(header[SegmentLayout.FileLengthOffset..]), _length);
        Expect(SegmentLayout.SegmentIdOffset, "segment", segmentId,
            BinaryPrimitives.ReadInt64LittleEndian(header[SegmentLayout.SegmentIdOffset..]));
        Expect(SegmentLayout.DimensionOffset, "d", Space.Dimension,
            BinaryPrimitives.ReadInt32LittleEndian(header[SegmentLayout.DimensionOffset..]));
        Expect(SegmentLayout.RowFormatOffset, "row format", (int)Space.RowFormat,
            BinaryPrimitives.ReadInt32LittleEndian(header[SegmentLayout.RowFormatOffset..]));
        ReadOnlySpan<byte> digest = header.Slice(SegmentLayout.SpaceDigestOffset, SegmentLayout.SpaceDigestLength);
        if (!digest.SequenceEqual(SegmentLayout.Digest(Space.Id)))
        {
            throw Corrupt(SegmentLayout.SpaceDigestOffset, $"rows of space {Space.Id}", $"digest {Convert.ToHexString(digest)}");
        }

        return header;
    }

    private void CheckTables(ReadOnlySpan<byte> header)
    {
        bool inOrder = EntryCount >= 0 && EntryCount <= int.MaxValue / SegmentLayout.EntryRecordLength
            && _entryTableOffset >= SegmentLayout.HeaderLength && _entryTableOffset <= _length
            && _blockTableOffset == _entryTableOffset + ((long)EntryCount * SegmentLayout.EntryRecordLength)
            && _blockTableOffset <= _length
            && _length - _blockTableOffset == sizeof(uint) * (long)SegmentLayout.BlockCount(_entryTableOffset);
        if (!inOrder)
        {
            throw Corrupt(
                SegmentLayout.EntryTableOffset,
                $"tables of {EntryCount} entries that end with the file at {_length}",
                $"an entry table at {_entryTableOffset} and a block table at {_blockTableOffset}");
        }

        CheckTable(_entryTableOffset, EntryCount * SegmentLayout.EntryRecordLength, header[SegmentLayout.EntryTableChecksumOffset..],
            "entry");
        CheckTable(_blockTableOffset, (int)(_length - _blockTableOffset), header[SegmentLayout.BlockTableChecksumOffset..], "block");
    }

    private void CheckTable(long offset, int length, ReadOnlySpan<byte> stored, string name)
    {
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(stored);
        uint actual = Crc32C.Compute(Slice(offset, length));
        if (actual != expected)
        {
            throw Corrupt(offset, $"a table of {name} records with CRC-32C {expected:x8}", $"{actual:x8}");
        }
    }

    private void CheckEntries()
    {
        ReadOnlySpan<EntryRecord> entries = Entries;
        long end = SegmentLayout.HeaderLength;
        long previousId = long.MinValue;
        for (int i = 0; i < entries.Length; i++)
        {
            EntryRecord entry = entries[i];
            long size = entry.RowCount < 1 ? -1 : PackedRows.GetSizeInBytes(Space.RowFormat, entry.RowCount, Space.Dimension);
            long placesSize = PlaceCodec.GetLength(entry.Flags, entry.RowCount);
            bool fits = size is > 0 and <= int.MaxValue && placesSize <= int.MaxValue
                && entry.EntryId > previousId
                && entry.RowsOffset % SegmentLayout.RowAlignment == 0
                && entry.RowsOffset >= end && size <= _entryTableOffset - entry.RowsOffset
                && (placesSize == 0
                    || (entry.PlacesOffset == entry.RowsOffset + size && placesSize <= _entryTableOffset - entry.PlacesOffset));
            if (!fits)
            {
                throw Corrupt(_entryTableOffset + ((long)i * SegmentLayout.EntryRecordLength), "an entry within the data",
                    entry.ToString());
            }

            end = entry.RowsOffset + size + placesSize;
            previousId = entry.EntryId;
        }
    }

    private ReadOnlySpan<byte> Slice(long offset, int length) => _file.Slice(offset, length);

    private void Expect(long offset, string name, long expected, long actual)
    {
        if (actual != expected)
        {
            throw Corrupt(offset, $"{name} {expected}", $"{actual}");
        }
    }

    private CorruptSegmentException Corrupt(long offset, string expected, string actual) => new(Path, offset, expected, actual);
}
