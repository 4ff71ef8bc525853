using MultiVecRetrieval.Files;

namespace MultiVecRetrieval.Tiers;

/// <summary>The end of a file as a stream that can only be written, which keeps length and checksum of what goes through it.</summary>
internal sealed class ChunkStream(Storage storage, FileStream file) : Stream
{
    private Crc32C _checksum = Crc32C.Start();
    private long _length;

    public uint Checksum => _checksum.Value;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        storage.Write(file, buffer);
        _checksum.Append(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
