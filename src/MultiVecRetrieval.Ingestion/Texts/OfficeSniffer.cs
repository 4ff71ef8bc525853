using System.IO.Compression;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Tells office documents apart: those of today are zip archives with known parts, those of before 2007 compound files.</summary>
internal static class OfficeSniffer
{
    private const int MaxTypeLength = 100;

    // Names of streams stand in the directory of a compound file, which is seldom far behind its head; one that is not found there is
    // an old document of an unknown kind.
    private const int DirectorySearchLength = 4 << 20;

    /// <summary>True for the first bytes of a zip archive.</summary>
    public static bool IsArchive(ReadOnlySpan<byte> head) => head.StartsWith("PK\u0003\u0004"u8);

    /// <summary>True for the first bytes of a compound file (OLE 2).</summary>
    public static bool IsCompoundFile(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

    /// <summary>What a zip archive is; <see cref="MediaFormat.Unknown"/> for one that is no document.</summary>
    public static MediaFormat DetectArchive(Stream stream)
    {
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.GetEntry("mimetype") is { } type)
            {
                return ReadType(type).StartsWith("application/vnd.oasis.opendocument.", StringComparison.Ordinal)
                    ? MediaFormat.OpenDocument
                    : MediaFormat.Unknown;
            }

            if (archive.GetEntry("[Content_Types].xml") is null)
            {
                return MediaFormat.Unknown;
            }

            // Programs name the main part as they like, but its folder is that of its kind.
            return archive.Entries.Select(entry => entry.FullName.Split('/', '\\')[0].ToLowerInvariant()).FirstOrDefault(
                folder => folder is "word" or "ppt" or "xl") switch
            {
                "word" => MediaFormat.Word,
                "ppt" => MediaFormat.Presentation,
                "xl" => MediaFormat.Workbook,
                _ => MediaFormat.Unknown,
            };
        }
        catch (InvalidDataException)
        {
            // Cut off, or no archive behind its first bytes.
            return MediaFormat.Unknown;
        }
    }

    /// <summary>What a compound file is: encrypted, of before 2007, or neither (<see cref="MediaFormat.Unknown"/>).</summary>
    public static MediaFormat DetectCompoundFile(Stream stream)
    {
        ReadOnlySpan<byte> read = ReadDirectory(stream);
        return Has(read, "EncryptedPackage") ? MediaFormat.EncryptedOffice
            : Has(read, "WordDocument") || Has(read, "Workbook") || Has(read, "Book") || Has(read, "PowerPoint Document")
                ? MediaFormat.LegacyOffice
            : MediaFormat.Unknown;
    }

    /// <summary>What a document becomes that LibreOffice converts: word, presentation or workbook; <see cref="MediaFormat.Unknown"/> for
    /// one of another kind, such as a drawing.</summary>
    public static MediaFormat FindTarget(Stream stream, MediaFormat format)
    {
        stream.Position = 0;
        if (format == MediaFormat.OpenDocument)
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            string type = archive.GetEntry("mimetype") is { } entry ? ReadType(entry) : "";
            return type.Contains(".text", StringComparison.Ordinal) ? MediaFormat.Word
                : type.Contains(".presentation", StringComparison.Ordinal) ? MediaFormat.Presentation
                : type.Contains(".spreadsheet", StringComparison.Ordinal) ? MediaFormat.Workbook
                : MediaFormat.Unknown;
        }

        ReadOnlySpan<byte> head = ReadDirectory(stream);
        return Has(head, "WordDocument") ? MediaFormat.Word
            : Has(head, "PowerPoint Document") ? MediaFormat.Presentation
            : Has(head, "Workbook") || Has(head, "Book") ? MediaFormat.Workbook
            : MediaFormat.Unknown;
    }

    private static ReadOnlySpan<byte> ReadDirectory(Stream stream)
    {
        byte[] bytes = new byte[(int)Math.Min(stream.Length, DirectorySearchLength)];
        return bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    private static bool Has(ReadOnlySpan<byte> bytes, string stream) =>
        bytes.IndexOf(System.Text.Encoding.Unicode.GetBytes(stream + "\0")) >= 0;

    private static string ReadType(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] bytes = new byte[MaxTypeLength];
        return System.Text.Encoding.ASCII.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }
}
