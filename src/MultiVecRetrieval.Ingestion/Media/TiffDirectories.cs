using System.Buffers.Binary;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>What the directories of a TIFF say about the pictures in it, read without decoding one.</summary>
/// <remarks>Source: TIFF 6.0, sections 2 and 8; BigTIFF; the DNG specification for raw photos.</remarks>
internal sealed class TiffDirectories
{
    private const int NewSubfileType = 254;
    private const int SubDirectories = 330;

    private TiffDirectories(IReadOnlyList<int> pages, bool isRawPhoto) => (Pages, IsRawPhoto) = (pages, isRawPhoto);

    /// <summary>Positions of the directories that hold a picture of their own, from 0: no previews, no levels of a pyramid.</summary>
    public IReadOnlyList<int> Pages { get; }

    /// <summary>True when the first directory is only a preview and the picture lies in a directory below it, as in raw photos.</summary>
    public bool IsRawPhoto { get; }

    /// <summary>Reads the chain of directories; one that is damaged ends it.</summary>
    /// <param name="path">A TIFF file.</param>
    /// <param name="maxCount">Directories looked at, at most.</param>
    /// <exception cref="MediaException">The file cannot be opened.</exception>
    public static TiffDirectories Read(string path, int maxCount)
    {
        using FileStream file = MediaFile.Open(path);
        using BufferedStream stream = new(file);
        List<int> pages = [];
        bool isRawPhoto = false;
        try
        {
            Span<byte> head = stackalloc byte[16];
            stream.ReadExactly(head);
            bool isLittle = head[0] == 'I';
            bool isBig = head[isLittle ? 2 : 3] == 43;
            long next = isBig ? (long)Number(head[8..], 8, isLittle) : (long)Number(head[4..], 4, isLittle);
            HashSet<long> seen = [];
            for (int index = 0; next > 0 && index < maxCount && seen.Add(next); index++)
            {
                (bool isReduced, bool hasSubDirectories, next) = ReadDirectory(stream, next, isLittle, isBig);
                isRawPhoto |= index == 0 && isReduced && hasSubDirectories;
                if (!isReduced)
                {
                    pages.Add(index);
                }
            }
        }
        catch (EndOfStreamException)
        {
            // What was read so far stands; libvips says what is wrong with the rest.
        }

        return new TiffDirectories(pages.Count == 0 ? [0] : pages, isRawPhoto);
    }

    private static (bool IsReduced, bool HasSubDirectories, long Next) ReadDirectory(
        Stream stream, long offset, bool isLittle, bool isBig)
    {
        (int countLength, int entryLength, int offsetLength) = isBig ? (8, 20, 8) : (2, 12, 4);
        Span<byte> buffer = stackalloc byte[20];
        stream.Position = offset;
        stream.ReadExactly(buffer[..countLength]);
        ulong count = Math.Min(Number(buffer, countLength, isLittle), ushort.MaxValue);
        bool isReduced = false;
        bool hasSubDirectories = false;
        for (ulong i = 0; i < count; i++)
        {
            stream.ReadExactly(buffer[..entryLength]);
            int tag = (int)Number(buffer, 2, isLittle);
            // A short stands at the start of the value, whatever the byte order.
            int valueLength = Number(buffer[2..], 2, isLittle) == 3 ? 2 : 4;
            isReduced |= tag == NewSubfileType && (Number(buffer[(isBig ? 12 : 8)..], valueLength, isLittle) & 1) != 0;
            hasSubDirectories |= tag == SubDirectories;
        }

        stream.ReadExactly(buffer[..offsetLength]);
        return (isReduced, hasSubDirectories, (long)Math.Min(Number(buffer, offsetLength, isLittle), long.MaxValue));
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, int length, bool isLittle) => (length, isLittle) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        (_, false) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
    };
}
