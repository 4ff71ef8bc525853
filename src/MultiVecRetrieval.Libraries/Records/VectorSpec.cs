using System.Globalization;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval;

/// <summary>A space for vectors that a client brings.</summary>
public sealed record VectorSpec
{
    private const string IdPrefix = "vectors";
    private const string EncodedPrefix = "x-";

    /// <summary>What the client calls it; empty where it has one space and calls it nothing.</summary>
    public required string Name { get; init; }

    /// <summary>d, the length of a vector; in [1, 65536].</summary>
    public required int Dimension { get; init; }

    /// <summary>How vectors are compared. Default <see cref="VectorSimilarity.Cosine"/>.</summary>
    public VectorSimilarity Similarity { get; init; }

    /// <summary>True where a record may have many vectors, compared by MaxSim. Default false.</summary>
    public bool IsMultiVector { get; init; }

    /// <summary>How vectors are stored. Default float32.</summary>
    public RowFormat RowFormat { get; init; } = RowFormat.Float32;

    /// <summary>The space of the engine. Its identity says what the vectors are, as nobody knows their encoder.</summary>
    internal Space ToSpace() => new()
    {
        Name = ToSpaceName(Name),
        Id = new SpaceId($"{IdPrefix}:{Similarity.ToString().ToLowerInvariant()}:{(IsMultiVector ? "many" : "one")}"),
        Dimension = Dimension,
        RowFormat = RowFormat,
    };

    /// <summary>True for a space that was made for a client.</summary>
    internal static bool IsOfClient(Space space) => space.Id.Value.StartsWith($"{IdPrefix}:", StringComparison.Ordinal);

    /// <summary>What a client is told of a space; one that a model fills holds many vectors of length 1.</summary>
    internal static VectorSpec Of(Space space)
    {
        string[] id = space.Id.Value.Split(':');
        bool isOwn = IsOfClient(space) && id.Length == 3;
        return new VectorSpec
        {
            Name = ToName(space.Name),
            Dimension = space.Dimension,
            Similarity = isOwn && id[1] == "dot" ? VectorSimilarity.Dot : VectorSimilarity.Cosine,
            IsMultiVector = !isOwn || id[2] == "many",
            RowFormat = space.RowFormat,
        };
    }

    /// <summary>The name of the space: the client's where it is made of lower-case letters, digits and hyphens, else its bytes in
    /// hexadecimal.</summary>
    internal static string ToSpaceName(string name)
    {
        bool isName = name.Length > 0 && !name.StartsWith(EncodedPrefix, StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        return isName ? name : EncodedPrefix + Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(name));
    }

    /// <summary>The client's name of a space.</summary>
    internal static string ToName(string spaceName)
    {
        if (!spaceName.StartsWith(EncodedPrefix, StringComparison.Ordinal))
        {
            return spaceName;
        }

        ReadOnlySpan<char> digits = spaceName.AsSpan(EncodedPrefix.Length);
        byte[] bytes = new byte[digits.Length / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!byte.TryParse(digits.Slice(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return spaceName;
            }
        }

        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
