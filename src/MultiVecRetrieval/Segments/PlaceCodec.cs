using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Segments;

/// <summary>
/// Places as bytes: a box is 4 × uint16 in 1/65535 of the picture, a time span 2 × float32 in seconds. Where rows stand for several
/// places, these follow: per row the end of its own among them, then their boxes and spans.
/// </summary>
internal static class PlaceCodec
{
    public const int BoxLength = 8;
    public const int SpanLength = 8;

    /// <summary>The lowest bit of the number of member places in <see cref="EntryFlags"/>.</summary>
    public const int MemberCountShift = 8;

    /// <summary>As many places as the flags can count.</summary>
    public const int MaxMemberCount = (1 << (31 - MemberCountShift)) - 1;

    private const int EndLength = sizeof(uint);

    /// <exception cref="ArgumentException">The rows stand for more places than an entry can have.</exception>
    public static EntryFlags GetFlags(MultiVector rows)
    {
        if (rows.Places.IsEmpty)
        {
            return EntryFlags.None;
        }

        EntryFlags flags = EntryFlags.Boxes;
        foreach (Place place in rows.Places)
        {
            if (place.StartSeconds != 0 || place.EndSeconds != 0)
            {
                flags |= EntryFlags.Spans;
            }
        }

        if (rows.Members is not { } members)
        {
            return flags;
        }

        long count = members.Sum(places => (long)(places?.Length ?? 0));
        return count <= MaxMemberCount
            ? flags | EntryFlags.Members | (EntryFlags)(count << MemberCountShift)
            : throw new ArgumentException($"The rows of an entry stand for {count} places; at most {MaxMemberCount} can be stored.",
                nameof(rows));
    }

    /// <summary>Bytes that the places of so many rows take.</summary>
    public static long GetLength(EntryFlags flags, int rowCount)
    {
        long places = GetPlaceLength(flags) * (rowCount + GetMemberCount(flags));
        return flags.HasFlag(EntryFlags.Members) ? places + ((long)rowCount * EndLength) : places;
    }

    /// <summary>All boxes, then all spans if there are any, then the members if there are any.</summary>
    public static byte[] Encode(MultiVector rows, EntryFlags flags)
    {
        byte[] bytes = new byte[GetLength(flags, rows.RowCount)];
        WritePlaces(rows.Places, flags, bytes);
        if (!flags.HasFlag(EntryFlags.Members))
        {
            return bytes;
        }

        Span<byte> ends = bytes.AsSpan((int)(GetPlaceLength(flags) * rows.RowCount));
        List<Place> members = new((int)GetMemberCount(flags));
        for (int i = 0; i < rows.RowCount; i++)
        {
            members.AddRange(rows.Members![i] ?? []);
            BinaryPrimitives.WriteUInt32LittleEndian(ends[(i * EndLength)..], (uint)members.Count);
        }

        WritePlaces(CollectionsMarshal.AsSpan(members), flags, ends[(rows.RowCount * EndLength)..]);
        return bytes;
    }

    /// <summary>The places that the row at <paramref name="index"/> stands for, when they are several; else null.</summary>
    /// <exception cref="InvalidDataException">The ends of the lists are not in order.</exception>
    public static Place[]? DecodeMembers(ReadOnlySpan<byte> bytes, int index, int count, EntryFlags flags)
    {
        if (!flags.HasFlag(EntryFlags.Members))
        {
            return null;
        }

        ReadOnlySpan<byte> ends = bytes[(int)(GetPlaceLength(flags) * count)..];
        long start = index == 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(ends[((index - 1) * EndLength)..]);
        long end = BinaryPrimitives.ReadUInt32LittleEndian(ends[(index * EndLength)..]);
        int memberCount = (int)GetMemberCount(flags);
        if (start > end || end > memberCount)
        {
            throw new InvalidDataException($"places {start} to {end} of {memberCount}");
        }

        Place[] places = new Place[end - start];
        ReadOnlySpan<byte> members = ends[(count * EndLength)..];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = Decode(members, (int)start + i, memberCount, flags);
        }

        return places.Length == 0 ? null : places;
    }

    public static Place Decode(ReadOnlySpan<byte> bytes, int index, int count, EntryFlags flags)
    {
        if (!flags.HasFlag(EntryFlags.Boxes))
        {
            return Place.Whole;
        }

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

    private static long GetMemberCount(EntryFlags flags) => (uint)flags >> MemberCountShift;

    private static long GetPlaceLength(EntryFlags flags) =>
        (flags.HasFlag(EntryFlags.Boxes) ? BoxLength : 0) + (flags.HasFlag(EntryFlags.Spans) ? SpanLength : 0);

    private static void WritePlaces(ReadOnlySpan<Place> places, EntryFlags flags, Span<byte> bytes)
    {
        for (int i = 0; flags.HasFlag(EntryFlags.Boxes) && i < places.Length; i++)
        {
            WriteBox(places[i], bytes[(i * BoxLength)..]);
        }

        for (int i = 0; flags.HasFlag(EntryFlags.Spans) && i < places.Length; i++)
        {
            WriteSpan(places[i], bytes[((places.Length * BoxLength) + (i * SpanLength))..]);
        }
    }

    // NaN clamps to 0: a place is a hint for people, and never a reason to lose the row.
    private static ushort Quantize(float share) => float.IsNaN(share) ? (ushort)0 : (ushort)MathF.Round(Math.Clamp(share, 0, 1) * 65535f);
}
