using System.Buffers.Text;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A part of a question: exactly one of text, image, entry and rows.</summary>
public sealed record QueryPartBody
{
    /// <summary>Words.</summary>
    public string? Text { get; init; }

    /// <summary>A picture: base64 or a data URI.</summary>
    public string? Image { get; init; }

    /// <summary>Key of a stored entry.</summary>
    public string? Entry { get; init; }

    /// <summary>Rows of a space, made elsewhere by its encoder: arrays of equal length.</summary>
    public IReadOnlyList<float[]>? Rows { get; init; }

    /// <summary>The space of the rows.</summary>
    public string? Space { get; init; }

    /// <summary>What of the picture or entry is meant: [left, top, right, bottom] as shares of width and height. Default: all of
    /// it.</summary>
    public IReadOnlyList<float>? Box { get; init; }

    /// <summary>What of a video is meant: [start, end] in seconds. Default: all of it.</summary>
    public IReadOnlyList<float>? Span { get; init; }

    /// <summary>An attribute of the collection: like the part in this respect alone. Default: in every respect.</summary>
    public string? Attribute { get; init; }

    /// <summary>subject (default): what is looked for; modifier: how it is to be different; context: what the subject shows; exclude: what
    /// must not be there.</summary>
    public string? Role { get; init; }

    /// <summary>In [-100, 100], not 0; negative: to be unlike it. Of an excluded part in (0, 1]. Default 1.</summary>
    public double? Weight { get; init; }

    /// <summary>Maps a part.</summary>
    /// <param name="name">What errors call it, for instance <c>parts[2]</c>.</param>
    /// <exception cref="InvalidQueryException">A value has the wrong form.</exception>
    public QueryPart ToPart(string name) => new()
    {
        Text = Text,
        ImageBytes = Image is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(DecodeImage($"{name}.image", Image)),
        Entry = Entry,
        Rows = Rows is null ? null : ReadRows(Rows, $"{name}.rows"),
        Space = Space,
        Region = ReadRegion(name),
        Attribute = Attribute,
        Role = ReadRole(name),
        Weight = Weight ?? 1,
    };

    /// <summary>The bytes of a picture. What they are is for the decoder to find out.</summary>
    internal static byte[] DecodeImage(string name, string image)
    {
        int comma = image.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? image.IndexOf(',', StringComparison.Ordinal) : -1;
        ReadOnlySpan<char> encoded = image.AsSpan(comma + 1);
        if (!Base64.IsValid(encoded, out int length) || length == 0)
        {
            throw new InvalidQueryException($"{name} is neither base64 nor a data URI with base64.", name);
        }

        return Convert.FromBase64String(encoded.ToString());
    }

    private QueryRole ReadRole(string name)
    {
        string[] names = [.. Enum.GetNames<QueryRole>().Select(known => known.ToLowerInvariant())];
        return Role is null ? QueryRole.Subject
            : names.Contains(Role.ToLowerInvariant()) ? Enum.Parse<QueryRole>(Role, ignoreCase: true)
            : throw new InvalidQueryException($"{name}.role is '{Role}'; it must be one of {string.Join(", ", names)}.", $"{name}.role");
    }

    /// <summary>Rows that a client sends.</summary>
    internal static MultiVector ReadRows(IReadOnlyList<float[]>? rows, string name)
    {
        if (rows is not { Count: > 0 } || rows[0] is not { Length: > 0 } first || rows.Any(row => row?.Length != first.Length))
        {
            throw new InvalidQueryException($"{name} needs at least one row, and rows of equal length.", name);
        }

        return rows.All(row => row.All(float.IsFinite))
            ? new MultiVector(first.Length, [.. rows.SelectMany(row => row)])
            : throw new InvalidQueryException($"{name} has a number that is not finite as float32.", name);
    }

    private Place? ReadRegion(string name)
    {
        if (Box is not null && Box.Count != 4)
        {
            throw new InvalidQueryException($"{name}.box has {Box.Count} numbers; it is [left, top, right, bottom].", $"{name}.box");
        }

        if (Span is not null && Span.Count != 2)
        {
            throw new InvalidQueryException($"{name}.span has {Span.Count} numbers; it is [start, end] in seconds.", $"{name}.span");
        }

        if (Box is null && Span is null)
        {
            return null;
        }

        Place box = Box is null ? Place.Whole : new Place(Box[0], Box[1], Box[2], Box[3]);
        return Span is null ? box : box with { StartSeconds = Span[0], EndSeconds = Span[1] };
    }
}
