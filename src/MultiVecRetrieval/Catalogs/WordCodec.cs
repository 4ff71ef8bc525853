using System.Buffers.Binary;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Catalogs;

/// <summary>The words of a text layer as bytes: count, flags, then offset, length and box of each, then the time spans if any.</summary>
internal static class WordCodec
{
    private const int PrefixLength = 8;
    private const int WordLength = 16;

    public static byte[] Encode(IReadOnlyList<TextWord> words)
    {
        bool hasSpans = words.Any(word => word.Place.StartSeconds != 0 || word.Place.EndSeconds != 0);
        int spansOffset = PrefixLength + (words.Count * WordLength);
        byte[] bytes = new byte[spansOffset + (hasSpans ? words.Count * PlaceCodec.SpanLength : 0)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, words.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), hasSpans ? 1 : 0);
        for (int i = 0; i < words.Count; i++)
        {
            Span<byte> word = bytes.AsSpan(PrefixLength + (i * WordLength), WordLength);
            BinaryPrimitives.WriteInt32LittleEndian(word, words[i].Offset);
            BinaryPrimitives.WriteInt32LittleEndian(word[4..], words[i].Length);
            PlaceCodec.WriteBox(words[i].Place, word[8..]);
            if (hasSpans)
            {
                PlaceCodec.WriteSpan(words[i].Place, bytes.AsSpan(spansOffset + (i * PlaceCodec.SpanLength)));
            }
        }

        return bytes;
    }

    /// <exception cref="CatalogException">The bytes are cut short.</exception>
    public static TextWord[] Decode(ReadOnlySpan<byte> bytes, string path)
    {
        int count = bytes.Length < PrefixLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bool hasSpans = count >= 0 && BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) == 1;
        long spansOffset = PrefixLength + ((long)count * WordLength);
        if (count < 0 || bytes.Length != spansOffset + (hasSpans ? (long)count * PlaceCodec.SpanLength : 0))
        {
            throw new CatalogException(path, $"a list of words has {bytes.Length} bytes, which does not fit its count {count}.");
        }

        TextWord[] words = new TextWord[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> word = bytes.Slice(PrefixLength + (i * WordLength), WordLength);
            Place place = PlaceCodec.ReadBox(word[8..]);
            if (hasSpans)
            {
                place = PlaceCodec.ReadSpan(place, bytes[(int)(spansOffset + (i * PlaceCodec.SpanLength))..]);
            }

            words[i] = new TextWord(BinaryPrimitives.ReadInt32LittleEndian(word), BinaryPrimitives.ReadInt32LittleEndian(word[4..]), place);
        }

        return words;
    }
}
