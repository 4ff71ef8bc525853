namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>GPT-2's printable character for each byte: itself where it prints, else the next free one from U+0100.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] CharOfByte = CreateCharOfByte();
    private static readonly Dictionary<char, byte> ByteOfChar = Enumerable.Range(0, 256).ToDictionary(i => CharOfByte[i], i => (byte)i);

    /// <summary>The UTF-8 bytes of a text, one character each.</summary>
    public static string Encode(string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return string.Create(bytes.Length, bytes, static (span, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                span[i] = CharOfByte[source[i]];
            }
        });
    }

    /// <summary>The text behind an encoded one; null when a character stands for no byte. Cut characters become U+FFFD.</summary>
    public static string? TryDecode(string encoded)
    {
        byte[] bytes = new byte[encoded.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!ByteOfChar.TryGetValue(encoded[i], out bytes[i]))
            {
                return null;
            }
        }

        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    private static char[] CreateCharOfByte()
    {
        char[] result = new char[256];
        int free = 256;
        for (int i = 0; i < 256; i++)
        {
            bool prints = i is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            result[i] = (char)(prints ? i : free++);
        }

        return result;
    }
}
