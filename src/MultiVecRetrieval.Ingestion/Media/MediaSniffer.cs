using System.Buffers.Binary;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Finds a format from the bytes of a file; never from its name.</summary>
public static class MediaSniffer
{
    /// <summary>How many bytes from the start decide. A shorter file is judged by what it has.</summary>
    public const int HeadLength = 4096;

    private const int TransportPacketLength = 188;

    /// <summary>Finds the format.</summary>
    /// <param name="head">The first <see cref="HeadLength"/> bytes, or all of a shorter file.</param>
    /// <returns>The format; <see cref="MediaFormat.Unknown"/> for plain text, archives (office documents among
    /// them, which only the whole file tells), programs, audio and everything else.</returns>
    public static MediaFormat Detect(ReadOnlySpan<byte> head)
    {
        return head switch
        {
            [0xFF, 0xD8, 0xFF, ..] => MediaFormat.Jpeg,
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => MediaFormat.Png,
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => MediaFormat.Gif,
            [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => MediaFormat.Tiff,
            [(byte)'B', (byte)'M', ..] when IsBitmap(head) => MediaFormat.Bmp,
            [0x1A, 0x45, 0xDF, 0xA3, ..] => MediaFormat.Matroska,
            [(byte)'O', (byte)'g', (byte)'g', (byte)'S', 0, ..] => MediaFormat.Ogg,
            [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C, ..] => MediaFormat.Asf,
            // The flags byte knows only audio (4) and video (1), and the header is 9 bytes long.
            [(byte)'F', (byte)'L', (byte)'V', 1, 1 or 4 or 5, 0, 0, 0, 9, ..] => MediaFormat.Flv,
            [0, 0, 1, 0xBA or 0xB3, ..] => MediaFormat.MpegPs,
            _ when IsRiff(head, "WEBP"u8) => MediaFormat.WebP,
            _ when IsRiff(head, "AVI "u8) => MediaFormat.Avi,
            _ when head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8) => DetectBrand(head),
            _ when IsQuickTime(head) => MediaFormat.Mp4,
            _ when IsTransportStream(head) => MediaFormat.MpegTs,
            _ when IsPdf(head) => MediaFormat.Pdf,
            _ when IsSvg(head) => MediaFormat.Svg,
            _ when IsHtml(head) => MediaFormat.Html,
            _ => MediaFormat.Unknown,
        };
    }

    /// <summary>Finds the format of a file.</summary>
    /// <param name="path">Path of a regular file.</param>
    /// <returns>The format; <see cref="MediaFormat.Unknown"/> for an empty file.</returns>
    /// <exception cref="MediaException">The file does not exist, cannot be read, or is a folder, pipe or device.</exception>
    public static MediaFormat DetectFile(string path)
    {
        using FileStream stream = MediaFile.Open(path);
        Span<byte> buffer = stackalloc byte[HeadLength];
        ReadOnlySpan<byte> head = buffer[..stream.ReadAtLeast(buffer, HeadLength, throwOnEndOfStream: false)];
        stream.Position = 0;
        return OfficeSniffer.IsArchive(head) ? OfficeSniffer.DetectArchive(stream)
            : OfficeSniffer.IsCompoundFile(head) ? OfficeSniffer.DetectCompoundFile(stream)
            : Detect(head);
    }

    /// <summary>The MIME type of a format; <c>application/octet-stream</c> for <see cref="MediaFormat.Unknown"/>.</summary>
    public static string GetContentType(MediaFormat format) => format switch
    {
        MediaFormat.Jpeg => "image/jpeg",
        MediaFormat.Png => "image/png",
        MediaFormat.WebP => "image/webp",
        MediaFormat.Gif => "image/gif",
        MediaFormat.Tiff => "image/tiff",
        MediaFormat.Bmp => "image/bmp",
        MediaFormat.Avif => "image/avif",
        MediaFormat.Heif => "image/heic",
        MediaFormat.Svg => "image/svg+xml",
        MediaFormat.Pdf => "application/pdf",
        MediaFormat.Mp4 => "video/mp4",
        MediaFormat.Matroska => "video/x-matroska",
        MediaFormat.Avi => "video/x-msvideo",
        MediaFormat.MpegTs => "video/mp2t",
        MediaFormat.MpegPs => "video/mpeg",
        MediaFormat.Ogg => "video/ogg",
        MediaFormat.Asf => "video/x-ms-asf",
        MediaFormat.Flv => "video/x-flv",
        MediaFormat.PlainText => "text/plain",
        MediaFormat.Markdown => "text/markdown",
        MediaFormat.Html => "text/html",
        MediaFormat.Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        MediaFormat.Presentation => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        MediaFormat.Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        MediaFormat.OpenDocument => "application/vnd.oasis.opendocument",
        MediaFormat.LegacyOffice or MediaFormat.EncryptedOffice => "application/x-ole-storage",
        _ => "application/octet-stream",
    };

    /// <summary>What entries a file of this format makes; null when the format is not read (unknown, SVG, HEIC,
    /// Office with a password).</summary>
    public static MediaType? GetMediaType(MediaFormat format) => format switch
    {
        MediaFormat.Unknown or MediaFormat.Svg or MediaFormat.Heif or MediaFormat.EncryptedOffice => null,
        MediaFormat.Pdf => MediaType.Page,
        >= MediaFormat.PlainText => MediaType.Text,
        < MediaFormat.Pdf => MediaType.Image,
        _ => MediaType.Video,
    };

    // "BM" alone also starts texts; the two reserved fields are 0 and the length of the second header is one of the known ones.
    private static bool IsBitmap(ReadOnlySpan<byte> head) =>
        head.Length >= 26 && head[6..10].IndexOfAnyExcept((byte)0) < 0 &&
        BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124;

    private static bool IsRiff(ReadOnlySpan<byte> head, ReadOnlySpan<byte> form) =>
        head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual(form);

    private static MediaFormat DetectBrand(ReadOnlySpan<byte> head)
    {
        int length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length);
        MediaFormat format = ClassifyBrand(head[8..12]);
        // mif1 and msf1 say only "HEIF container": the compatible brands, after the minor version, name the codec.
        for (int at = 16; format == MediaFormat.Unknown && at + 4 <= length; at += 4)
        {
            format = ClassifyBrand(head.Slice(at, 4));
        }

        if (format != MediaFormat.Unknown)
        {
            return format;
        }

        return head[8..12].SequenceEqual("mif1"u8) || head[8..12].SequenceEqual("msf1"u8) ? MediaFormat.Heif : MediaFormat.Mp4;
    }

    private static MediaFormat ClassifyBrand(ReadOnlySpan<byte> brand)
    {
        if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
        {
            return MediaFormat.Avif;
        }

        return brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) ? MediaFormat.Heif : MediaFormat.Unknown;
    }

    // QuickTime files older than the ftyp box begin with one of these boxes; the size of the box keeps texts out.
    private static bool IsQuickTime(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16)
        {
            return false;
        }

        ReadOnlySpan<byte> name = head[4..8];
        bool isBox = name.SequenceEqual("moov"u8) || name.SequenceEqual("mdat"u8) || name.SequenceEqual("wide"u8);
        return isBox && (BinaryPrimitives.ReadUInt32BigEndian(head) is 0 or 1 or >= 8) && head[0] < 0x20;
    }

    // Four sync bytes in a row at the packet distance; M2TS files put a 4-byte time stamp before each packet.
    private static bool IsTransportStream(ReadOnlySpan<byte> head)
    {
        return HasSync(head, first: 0, TransportPacketLength) || HasSync(head, first: 4, TransportPacketLength + 4);

        static bool HasSync(ReadOnlySpan<byte> head, int first, int distance)
        {
            int count = 0;
            for (int at = first; at < head.Length && count < 4; at += distance, count++)
            {
                if (head[at] != 0x47)
                {
                    return false;
                }
            }

            return count == 4;
        }
    }

    // Readers accept the signature within the first 1024 bytes (ISO 32000-1, annex H, note 13); what precedes it must not
    // itself be another kind of document, so only white space, a byte order mark, printer commands or other binary may.
    private static bool IsPdf(ReadOnlySpan<byte> head)
    {
        int at = head[..Math.Min(head.Length, 1024)].IndexOf("%PDF-"u8);
        if (at <= 0)
        {
            return at == 0;
        }

        ReadOnlySpan<byte> before = TrimText(head[..at]);
        return before.IsEmpty || before[0] == 0x1B || before.StartsWith("%!PS"u8) || !IsText(before);
    }

    private static bool IsSvg(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = TrimText(head);
        if (!text.StartsWith("<"u8))
        {
            return false;
        }

        int at = text.IndexOf("<svg"u8);
        return at >= 0 && text.IndexOf("<html"u8) < 0 && text.IndexOf("<HTML"u8) < 0;
    }

    // Before the first tag only white space, comments and an XML declaration may stand.
    private static bool IsHtml(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = TrimText(head);
        while (text.StartsWith("<!--"u8) || text.StartsWith("<?xml"u8))
        {
            ReadOnlySpan<byte> end = text[1] == (byte)'?' ? "?>"u8 : "-->"u8;
            int at = text.IndexOf(end);
            if (at < 0)
            {
                return false;
            }

            text = TrimText(text[(at + end.Length)..]);
        }

        return StartsWithTag(text, "<!doctype html"u8) || StartsWithTag(text, "<html"u8);
    }

    private static bool StartsWithTag(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag) =>
        text.Length > tag.Length && System.Text.Ascii.EqualsIgnoreCase(text[..tag.Length], tag)
        && !char.IsAsciiLetterOrDigit((char)text[tag.Length]);

    private static ReadOnlySpan<byte> TrimText(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> text = bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;
        return text.TrimStart(" \t\r\n\f"u8);
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b < 32 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f'))
            {
                return false;
            }
        }

        return true;
    }
}
