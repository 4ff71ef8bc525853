using System.Buffers.Binary;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>One input and its vectors.</summary>
internal sealed record ParityItem
{
    public const string Query = "query";
    public const string Passage = "passage";

    private const int LargestSide = 8192;

    /// <summary>The text; null for a picture.</summary>
    public string? Text { get; init; }

    /// <summary>query or passage, for a text.</summary>
    public string? Role { get; init; }

    /// <summary>The picture; null for a text.</summary>
    public ParityPicture? Picture { get; init; }

    /// <summary>Rows of the vectors.</summary>
    public required int Rows { get; init; }

    /// <summary>Length of a row.</summary>
    public required int Dimension { get; init; }

    /// <summary>Base64 of the rows, row-major, float32 little-endian.</summary>
    public required string Vectors { get; init; }

    /// <summary>What it is, for messages.</summary>
    public string Name => Text is not null ? $"{Role} \"{Text}\"" : $"picture {Picture!.Width} x {Picture.Height}, seed {Picture.Seed}";

    public static ParityItem Create(MultiVector rows)
    {
        byte[] bytes = new byte[rows.Values.Length * sizeof(float)];
        for (int i = 0; i < rows.Values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), rows.Values[i]);
        }

        return new ParityItem { Rows = rows.RowCount, Dimension = rows.Dimension, Vectors = Convert.ToBase64String(bytes) };
    }

    /// <summary>Why it cannot be used; null when it can.</summary>
    public string? FindProblem() =>
        (Text is null) == (Picture is null) ? "an item has either text or picture"
        : Text is not null && Role is not (Query or Passage) ? $"the role of {Name} is query or passage"
        : Picture is not null and not { Width: >= 2 and <= LargestSide, Height: >= 2 and <= LargestSide, Seed: >= 0 and <= 1000 }
            ? $"a side of a picture is 2 to {LargestSide}, its seed 0 to 1000"
        : Rows < 0 || Dimension < 1 || Decode() is null ? $"the vectors of {Name} are no base64 of {Rows} x {Dimension} float32 values"
        : null;

    public MultiVector Read() => new(Dimension, Decode()!);

    private float[]? Decode()
    {
        byte[] bytes = new byte[(Vectors.Length * 3L / 4) + 3];
        if (!Convert.TryFromBase64String(Vectors, bytes, out int count) || count != (long)Rows * Dimension * sizeof(float))
        {
            return null;
        }

        float[] values = new float[Rows * Dimension];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return values;
    }
}
