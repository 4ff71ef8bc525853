using System.IO.MemoryMappedFiles;

namespace MultiVecRetrieval.Files;

/// <summary>A whole file mapped into memory for reading.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    /// <exception cref="CorruptSegmentException">The file is missing or shorter than <paramref name="minLength"/>, at least 1.</exception>
    public MappedFile(string path, int minLength)
    {
        using FileStream file = Open(path);
        Length = file.Length;
        if (Length < minLength)
        {
            throw new CorruptSegmentException(path, 0, $"at least {minLength} bytes", $"{Length} bytes");
        }

        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    public long Length { get; }

    /// <summary>Bytes of the file; the caller has checked that they lie in it.</summary>
    public ReadOnlySpan<byte> Slice(long offset, int length) => length == 0 ? default : new(_start + offset, length);

    /// <summary>Where a byte of the file lies, for as long as this is not disposed.</summary>
    public byte* GetPointer(long offset) => _start + offset;

    /// <summary>The CRC-32C of a part of any length.</summary>
    public uint GetChecksum(long offset, long length)
    {
        const int PieceLength = 1 << 30;
        Crc32C checksum = Crc32C.Start();
        for (long done = 0; done < length; done += PieceLength)
        {
            checksum.Append(Slice(offset + done, (int)Math.Min(PieceLength, length - done)));
        }

        return checksum.Value;
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CorruptSegmentException(path, 0, "a segment file", "no file");
        }
    }
}
