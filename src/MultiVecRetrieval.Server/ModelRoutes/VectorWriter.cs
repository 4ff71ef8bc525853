using System.Buffers.Binary;
using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server.ModelRoutes.Bodies;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Writes rows as clients ask for them.</summary>
internal static class VectorWriter
{
    private const int LargestCode = 127;

    /// <summary>The one row of an input.</summary>
    public static EmbeddingBody WriteOne(int index, MultiVector rows, VectorFormat format) => new(index)
    {
        Embedding = format == VectorFormat.Base64 ? ToBase64(rows) : WriteRow(rows.Row(0), format),
        Dtype = NameOf(format),
        Scales = ScalesOf(rows, format),
    };

    /// <summary>All rows of an input.</summary>
    public static EmbeddingBody WriteAll(int index, MultiVector rows, VectorFormat format, bool withPlaces) => new(index)
    {
        Embeddings = format == VectorFormat.Base64 ? ToBase64(rows) : WriteRows(rows, format),
        Shape = ShapeOf(rows),
        Dtype = NameOf(format) ?? "float32",
        Scales = ScalesOf(rows, format),
        Places = withPlaces && !rows.Places.IsEmpty ? [.. rows.Places.ToArray().Select(BoxOf)] : null,
    };

    /// <summary>The rows as arrays.</summary>
    public static object[] WriteRows(MultiVector rows, VectorFormat format) =>
        [.. Enumerable.Range(0, rows.RowCount).Select(row => WriteRow(rows.Row(row), format))];

    /// <summary>[rows, values of a row].</summary>
    public static int[] ShapeOf(MultiVector rows) => [rows.RowCount, rows.Dimension];

    /// <summary>All values, row after row, as base64 of float32, little-endian.</summary>
    public static string ToBase64(MultiVector rows)
    {
        byte[] bytes = new byte[rows.Values.Length * sizeof(float)];
        for (int i = 0; i < rows.Values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), rows.Values[i]);
        }

        return Convert.ToBase64String(bytes);
    }

    private static string? NameOf(VectorFormat format) => format switch
    {
        VectorFormat.Float => null,
        VectorFormat.Base64 => "float32",
        _ => format.ToString().ToLowerInvariant(),
    };

    private static object WriteRow(ReadOnlySpan<float> row, VectorFormat format) => format switch
    {
        VectorFormat.Int8 => Quantize(row),
        VectorFormat.Binary => PackSigns(row, offset: -128),
        VectorFormat.Ubinary => PackSigns(row, offset: 0),
        _ => row.ToArray(),
    };

    private static float[]? ScalesOf(MultiVector rows, VectorFormat format) => format == VectorFormat.Int8
        ? [.. Enumerable.Range(0, rows.RowCount).Select(row => ScaleOf(rows.Row(row)))]
        : null;

    private static float ScaleOf(ReadOnlySpan<float> row) => MathF.Abs(TensorPrimitives.MaxMagnitude(row)) / LargestCode;

    // A scale per row: the values of a long unit vector are small, and one scale for all would leave them a few steps.
    private static int[] Quantize(ReadOnlySpan<float> row)
    {
        float scale = ScaleOf(row);
        int[] codes = new int[row.Length];
        for (int i = 0; i < row.Length && scale > 0; i++)
        {
            codes[i] = Math.Clamp((int)MathF.Round(row[i] / scale), -LargestCode, LargestCode);
        }

        return codes;
    }

    private static int[] PackSigns(ReadOnlySpan<float> row, int offset)
    {
        int[] bytes = new int[(row.Length + 7) / 8];
        for (int i = 0; i < row.Length; i++)
        {
            bytes[i / 8] |= row[i] > 0 ? 0x80 >> (i % 8) : 0;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] += offset;
        }

        return bytes;
    }

    private static double[] BoxOf(Place place) =>
        [Math.Round(place.Left, 5), Math.Round(place.Top, 5), Math.Round(place.Right, 5), Math.Round(place.Bottom, 5)];
}
