using System.Buffers.Binary;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Tells an animated PNG, of which libvips decodes the default picture alone.</summary>
internal static class AnimatedPng
{
    private const int SignatureLength = 8;
    private const int ChunkHeadLength = 8;
    private const int ChunkEndLength = 4;

    /// <summary>The number of frames that the animation control chunk announces before the first pixels; 1 without one.</summary>
    /// <exception cref="MediaException">The file cannot be opened.</exception>
    public static int CountFrames(string path)
    {
        using FileStream file = MediaFile.Open(path);
        Span<byte> head = stackalloc byte[ChunkHeadLength + 4];
        for (long at = SignatureLength; at < file.Length;)
        {
            file.Position = at;
            if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || head[4..8].SequenceEqual("IDAT"u8))
            {
                return 1;
            }

            if (head[4..8].SequenceEqual("acTL"u8))
            {
                return (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head[8..]), int.MaxValue);
            }

            at += ChunkHeadLength + BinaryPrimitives.ReadUInt32BigEndian(head) + ChunkEndLength;
        }

        return 1;
    }
}
