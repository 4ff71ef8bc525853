using System.Text;
using MultiVecRetrieval.Ingestion.Media;
using UtfUnknown;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Turns the bytes of a text file into text: by its byte order mark, as UTF-8 where it is valid, else by what it looks
/// like.</summary>
internal static class TextDecoder
{
    // A detector of code pages looks at statistics of letters; more text makes it no surer.
    private const int DetectedLength = 64 << 10;
    private const float MinConfidence = 0.3f;

    // Of binary content about a tenth of the bytes are control characters; a text has next to none.
    private const double MaxControlShare = 0.01;

    static TextDecoder() => System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The text, with '\n' at the ends of lines and spaces for other control characters.</summary>
    /// <exception cref="MediaException">The bytes are no text.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        (System.Text.Encoding encoding, int mark) = Detect(bytes);
        string text = encoding.GetString(bytes[mark..]);
        int controls = text.AsSpan().Count('\uFFFD');
        foreach (char c in text)
        {
            controls += IsBinary(c) ? 1 : 0;
        }

        if (controls > Math.Max(2, text.Length * MaxControlShare))
        {
            throw new MediaException("The content is binary, not text.");
        }

        return Clean(text);
    }

    /// <summary>The encoding, and how many bytes its mark takes.</summary>
    public static (System.Text.Encoding Encoding, int MarkLength) Detect(ReadOnlySpan<byte> bytes)
    {
        switch (bytes)
        {
            case [0xEF, 0xBB, 0xBF, ..]:
                return (System.Text.Encoding.UTF8, 3);
            case [0xFF, 0xFE, 0, 0, ..]:
                return (new UTF32Encoding(bigEndian: false, byteOrderMark: false), 4);
            case [0, 0, 0xFE, 0xFF, ..]:
                return (new UTF32Encoding(bigEndian: true, byteOrderMark: false), 4);
            case [0xFF, 0xFE, ..]:
                return (System.Text.Encoding.Unicode, 2);
            case [0xFE, 0xFF, ..]:
                return (System.Text.Encoding.BigEndianUnicode, 2);
            default:
                return (DetectUnmarked(bytes), 0);
        }
    }

    /// <summary>Line ends as '\n', control characters as spaces; tabs stay.</summary>
    public static string Clean(string text) => string.Create(text.ReplaceLineEndings("\n").Length, text.ReplaceLineEndings("\n"), (span, lines) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.IsControl(lines[i]) && lines[i] is not ('\n' or '\t') ? ' ' : lines[i];
        }
    });

    private static System.Text.Encoding DetectUnmarked(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> head = bytes[..Math.Min(bytes.Length, DetectedLength)];
        if (FindWideEncoding(head) is { } wide)
        {
            return wide;
        }

        // ISO-2022-JP and its like are valid ASCII that escapes to other letters.
        bool escapes = head.IndexOf("\u001b$"u8) >= 0 || head.IndexOf("\u001b("u8) >= 0;
        if (!escapes && (System.Text.Unicode.Utf8.IsValid(bytes) || IsNearlyUtf8(head)))
        {
            return System.Text.Encoding.UTF8;
        }

        DetectionDetail? detected = CharsetDetector.DetectFromBytes(head.ToArray()).Detected;
        return detected is { Encoding: { } encoding } && detected.Confidence >= MinConfidence
            ? encoding
            : System.Text.Encoding.GetEncoding(1252);
    }

    // A few bad bytes in much UTF-8 are damage, not another encoding: at least a hundred good letters for each.
    private static bool IsNearlyUtf8(ReadOnlySpan<byte> head)
    {
        (int good, int bad) = (0, 0);
        while (!head.IsEmpty)
        {
            bool isGood = Rune.DecodeFromUtf8(head, out _, out int length) == System.Buffers.OperationStatus.Done;
            // The head may end within a letter.
            bad += isGood || head.Length < 4 ? 0 : 1;
            good += isGood && length > 1 ? 1 : 0;
            head = head[length..];
        }

        return good >= 100 * bad && good > 0;
    }

    // Latin letters in UTF-16 and UTF-32 have zeros at the same place of each unit.
    private static System.Text.Encoding? FindWideEncoding(ReadOnlySpan<byte> head)
    {
        int units = head.Length / 4;
        if (units < 4)
        {
            return null;
        }

        Span<int> zeros = stackalloc int[4];
        for (int i = 0; i < units * 4; i++)
        {
            zeros[i % 4] += head[i] == 0 ? 1 : 0;
        }

        int most = units * 7 / 10;
        int few = units / 20;
        return zeros switch
        {
            [var a, _, var c, var d] when d >= units * 95 / 100 && c >= units * 9 / 10 && a <= few =>
                new UTF32Encoding(bigEndian: false, byteOrderMark: false),
            [var a, var b, _, var d] when a >= units * 95 / 100 && b >= units * 9 / 10 && d <= few =>
                new UTF32Encoding(bigEndian: true, byteOrderMark: false),
            [var a, var b, var c, var d] when b >= most && d >= most && a <= few && c <= few => System.Text.Encoding.Unicode,
            [var a, var b, var c, var d] when a >= most && c >= most && b <= few && d <= few => System.Text.Encoding.BigEndianUnicode,
            _ => null,
        };
    }

    private static bool IsBinary(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t' or '\f' or '\b' or '\u001b' or '\u0085');
}
