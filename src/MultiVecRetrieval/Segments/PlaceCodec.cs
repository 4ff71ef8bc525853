using System.Buffers.Binary;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Segments;

/// <summary>Places as bytes: a box is 4 × uint16 in 1/65535 of the picture, a time span 2 × float32 in seconds.</summary>
internal static class PlaceCodec
{
    public const int BoxLength = 8;
    public const int SpanLength = 8;

    public static EntryFlags GetFlags(ReadOnlySpan<Place> places)
    {
        if (places.IsEmpty)
            return EntryFlags.None;

        foreach (Place place in places)
        {
            if (place.StartSeconds != 0 || place.EndSeconds != 0)
                return EntryFlags.Boxes | EntryFlags.Spans;
        }

        return EntryFlags.Boxes;
    }

    public static int GetLength(EntryFlags flags) =>
        (flags.HasFlag(EntryFlags.Boxes) ? BoxLength : 0) + (flags.HasFlag(EntryFlags.Spans) ? SpanLength : 0);

    /// <summary>All boxes, then all spans if there are any.</summary>
    public static byte[] Encode(ReadOnlySpan<Place> places, EntryFlags flags)
    {
        byte[] bytes = new byte[(long)places.Length * GetLength(flags)];
        for (int i = 0; flags.HasFlag(EntryFlags.Boxes) && i < places.Length; i++)
            WriteBox(places[i], bytes.AsSpan(i * BoxLength));

        for (int i = 0; flags.HasFlag(EntryFlags.Spans) && i < places.Length; i++)
            WriteSpan(places[i], bytes.AsSpan((places.Length * BoxLength) + (i * SpanLength)));

        return bytes;
    }

    public static Place Decode(ReadOnlySpan<byte> bytes, int index, int count, EntryFlags flags)
    {
        if (!flags.HasFlag(EntryFlags.Boxes))
            return Place.Whole;

        Place box = ReadBox(bytes[(index * BoxLength)..]);
        return flags.HasFlag(EntryFlags.Spans) ? ReadSpan(box, bytes[((count * BoxLength) + (index * SpanLength))..]) : box;
    }

    public static void WriteBox(Place place, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Quantize(place.Left));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], Quantize(place.Top));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], Quantize(place.Right));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], Quantize(place.Bottom));
    }

    public static Place ReadBox(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(bytes) / 65535f,
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) / 65535f,
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) / 65535f,
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) / 65535f);

    public static void WriteSpan(Place place, Span<byte> bytes)
    {
        BinaryPrimitives.WriteSingleLittleEndian(bytes, place.StartSeconds);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[4..], place.EndSeconds);
    }

    public static Place ReadSpan(Place box, ReadOnlySpan<byte> bytes) => box with
    {
        StartSeconds = BinaryPrimitives.ReadSingleLittleEndian(bytes),
        EndSeconds = BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]),
    };

    // NaN clamps to 0: a place is a hint for people, and never a reason to lose the row.
    private static ushort Quantize(float share) => float.IsNaN(share) ? (ushort)0 : (ushort)MathF.Round(Math.Clamp(share, 0, 1) * 65535f);
}
