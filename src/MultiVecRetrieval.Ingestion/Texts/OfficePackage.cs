using System.IO.Compression;
using System.Xml;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Looks an office document through before its parts are read: an archive may claim anything and unpack to anything.</summary>
/// <param name="limits">Bounds on entries, unpacked bytes and how far they may be packed.</param>
internal sealed class OfficePackage(MediaLimits limits)
{
    // Of a small part the ratio says nothing: a hundred bytes of the same letter are packed to next to none.
    private const long RatioFrom = 1 << 20;

    // What Office writes nests to about 60; readers that call themselves come to their end at some thousand.
    private const int MaxDepth = 512;

    /// <summary>
    /// Checks the archive, that every part named as XML is well-formed, and that every part that can be read as XML, whatever its name and
    /// type, is within the limits as far as it can be read.
    /// </summary>
    /// <exception cref="MediaException">It is damaged, hostile, or over a limit; no part was kept in memory.</exception>
    public void Check(Stream stream, CancellationToken cancellationToken)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > limits.MaxArchiveEntries)
        {
            throw new MediaException(
                $"The document is an archive of {archive.Entries.Count} files; the limit is {limits.MaxArchiveEntries}.",
                "media:maxArchiveEntries");
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        long total = 0;
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CheckName(entry.FullName, names);
            total += Measure(entry, limits.MaxTextBytes - total, cancellationToken);
        }
    }

    private static void CheckName(string name, HashSet<string> names)
    {
        bool leaves = name.StartsWith('/') || name.StartsWith('\\') || name.Contains(':', StringComparison.Ordinal)
            || name.Split('/', '\\').Contains("..");
        if (leaves)
        {
            throw new MediaException($"The document is an archive with a file that points outside of it: {Shorten(name)}.");
        }

        // A part in pieces is put together by who reads it, so that no piece says how deep the whole nests. No office program writes them.
        if (name.EndsWith(".piece", StringComparison.OrdinalIgnoreCase))
        {
            throw new MediaException($"The document is an archive with a part in pieces, which is not read: {Shorten(name)}.");
        }

        if (!names.Add(name))
        {
            throw new MediaException($"The document is damaged: its archive has two files of the name {Shorten(name)}.");
        }
    }

    // The sizes in the directory are claims; what counts is what comes out, and it is thrown away as it comes.
    private long Measure(ZipArchiveEntry entry, long left, CancellationToken cancellationToken)
    {
        using Stream packed = entry.Open();
        using CountedStream counted = new(packed, read =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (read > left)
            {
                throw new MediaException(
                    $"The text of the document unpacks to more than {limits.MaxTextBytes} bytes.", "media:maxTextBytes");
            }

            if (read > RatioFrom && read / Math.Max(1, entry.CompressedLength) > limits.MaxCompressionRatio)
            {
                throw new MediaException(
                    $"The part {Shorten(entry.FullName)} unpacks to more than {limits.MaxCompressionRatio} times its size.",
                    "media:maxCompressionRatio");
            }
        });
        using XmlReader reader = XmlReader.Create(counted, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = IsNamedXml(entry.FullName),
        });
        bool isXml = false;
        try
        {
            while (reader.Read())
            {
                isXml = true;
                if (reader.Depth > MaxDepth)
                {
                    throw new MediaException($"The part {Shorten(entry.FullName)} nests deeper than {MaxDepth} elements.");
                }
            }
        }
        catch (Exception error) when (error is XmlException or InvalidDataException or NotSupportedException or ArgumentException
            && !IsNamedXml(entry.FullName))
        {
            // A picture, a page of HTML: who reads it as XML comes no farther than this.
        }

        return isXml ? counted.Count : 0;
    }

    // Any part may be read as XML, whatever its name: relations and types say which. Those named so must be.
    private static bool IsNamedXml(string name) =>
        name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase);

    private static string Shorten(string name) =>
        $"'{string.Concat(name.Take(100).Select(c => char.IsControl(c) ? ' ' : c))}'";

    /// <summary>Counts what is read, and tells.</summary>
    private sealed class CountedStream(Stream inner, Action<long> told) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = inner.Read(buffer, offset, count);
            Count += read;
            told(Count);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
