using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>Applies the character map that a SentencePiece model carries: a double-array trie over UTF-8, and replacement texts.</summary>
/// <remarks>
/// Follows the Hugging Face reading of it, which looks up whole graphemes of fewer than six bytes first, then single characters,
/// and takes the shortest match. Sources: Aoe 1989 (double arrays); the darts-clone unit layout.
/// </remarks>
internal sealed class PrecompiledNormalizer : INormalizer
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <exception cref="FormatException">The map is cut off.</exception>
    public PrecompiledNormalizer(ReadOnlySpan<byte> map)
    {
        uint size = map.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(map) : 0;
        if (size < 4 || size % 4 != 0 || size > map.Length - 4)
        {
            throw new FormatException("precompiled_charsmap is cut off or no character map");
        }

        _units = new uint[size / 4];
        for (int i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + (i * 4))..]);
        }

        _replacements = map[(4 + (int)size)..].ToArray();
    }

    /// <inheritdoc/>
    public string Normalize(string text)
    {
        StringBuilder result = new(text.Length + 8);
        ReadOnlySpan<char> rest = text;
        Span<byte> utf8 = stackalloc byte[8];
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<char> grapheme = rest[..StringInfo.GetNextTextElementLength(rest)];
            rest = rest[grapheme.Length..];

            // Three UTF-16 units are at most nine bytes; more units than five cannot be fewer than six bytes.
            if (grapheme.Length < 6 && Encoding8(grapheme, utf8, out int length) && length < 6 && TryReplace(utf8[..length], result))
            {
                continue;
            }

            foreach (Rune rune in grapheme.EnumerateRunes())
            {
                if (!TryReplace(utf8[..rune.EncodeToUtf8(utf8)], result))
                {
                    result.Append(rune.ToString());
                }
            }
        }

        return result.ToString();
    }

    private static bool Encoding8(ReadOnlySpan<char> text, Span<byte> utf8, out int length)
        => System.Text.Encoding.UTF8.TryGetBytes(text, utf8, out length);

    private bool TryReplace(ReadOnlySpan<byte> key, StringBuilder result)
    {
        if (FindShortest(key) is not { } start || start > _replacements.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> replacement = _replacements.AsSpan(start);
        int end = replacement.IndexOf((byte)0);
        result.Append(System.Text.Encoding.UTF8.GetString(end < 0 ? replacement : replacement[..end]));
        return true;
    }

    private int? FindShortest(ReadOnlySpan<byte> key)
    {
        uint at = Offset(_units[0]);
        foreach (byte value in key)
        {
            at ^= value;
            if (value == 0 || at >= _units.Length)
            {
                return null;
            }

            // Bit 31 and the low byte are the label, bit 8 says that a value hangs below.
            uint unit = _units[at];
            if ((unit & 0x8000_00FF) != value)
            {
                return null;
            }

            at ^= Offset(unit);
            if ((unit & 0x100) != 0)
            {
                return at < _units.Length ? (int)(_units[at] & 0x7FFF_FFFF) : null;
            }
        }

        return null;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
