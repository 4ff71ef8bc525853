using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Values of vector properties as rows, and how they are compared.</summary>
internal static class VectorValues
{
    public const string Supported =
        "ReadOnlyMemory<float>, float[], Embedding<float>, and of many vectors MultiVector, MultiVectorEmbedding, float[][], "
        + "ReadOnlyMemory<float>[], List<ReadOnlyMemory<float>> and IReadOnlyList<ReadOnlyMemory<float>>";

    public const string SupportedFunctions =
        $"{DistanceFunction.CosineSimilarity}, {DistanceFunction.CosineDistance}, {DistanceFunction.DotProductSimilarity} and {MultiVecDistance.MaxSim}";

    private static readonly Type[] One =
        [typeof(ReadOnlyMemory<float>), typeof(ReadOnlyMemory<float>?), typeof(float[]), typeof(Embedding<float>)];

    private static readonly Type[] Many =
    [
        typeof(MultiVector), typeof(MultiVectorEmbedding), typeof(float[][]), typeof(ReadOnlyMemory<float>[]),
        typeof(List<ReadOnlyMemory<float>>), typeof(IReadOnlyList<ReadOnlyMemory<float>>),
    ];

    public static bool IsValid(Type type) => One.Contains(type) || IsMany(type);

    public static bool IsMany(Type type) => Many.Contains(type);

    public static bool IsKnown(string function) => function is DistanceFunction.CosineSimilarity or DistanceFunction.CosineDistance
        or DistanceFunction.DotProductSimilarity or MultiVecDistance.MaxSim;

    /// <summary>Rows of a value; null for one that is no vector.</summary>
    /// <exception cref="ArgumentException">Vectors of one value differ in length, or one has none.</exception>
    public static MultiVector? TryToRows(object value) => value switch
    {
        ReadOnlyMemory<float> row => Join([row]),
        float[] row => Join([row]),
        Embedding<float> embedding => Join([embedding.Vector]),
        MultiVector rows => rows,
        MultiVectorEmbedding embedding => embedding.Rows,
        float[][] rows => Join([.. rows.Select(row => (ReadOnlyMemory<float>)row)]),
        IReadOnlyList<ReadOnlyMemory<float>> rows => Join(rows),
        _ => null,
    };

    /// <summary>Rows in the type of a property.</summary>
    public static object FromRows(MultiVector rows, Type type)
    {
        if (!IsMany(type))
        {
            float[] row = rows.Row(0).ToArray();
            return type == typeof(float[]) ? row
                : type == typeof(Embedding<float>) ? new Embedding<float>(row)
                : (object)(ReadOnlyMemory<float>)row;
        }

        float[][] all = [.. Enumerable.Range(0, rows.RowCount).Select(index => rows.Row(index).ToArray())];
        return type == typeof(MultiVector) ? rows
            : type == typeof(MultiVectorEmbedding) ? new MultiVectorEmbedding(rows)
            : type == typeof(float[][]) ? all
            : type == typeof(ReadOnlyMemory<float>[]) ? Array.ConvertAll(all, row => (ReadOnlyMemory<float>)row)
            : all.Select(row => (ReadOnlyMemory<float>)row).ToList();
    }

    private static MultiVector Join(IReadOnlyList<ReadOnlyMemory<float>> rows)
    {
        int dimension = rows.Count == 0 ? 0 : rows[0].Length;
        if (dimension == 0 || rows.Any(row => row.Length != dimension))
        {
            throw new ArgumentException(
                $"Vectors of one property have one length, and there is at least one; found {string.Join(", ", rows.Select(row => row.Length))}.",
                nameof(rows));
        }

        float[] values = new float[rows.Count * dimension];
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].Span.CopyTo(values.AsSpan(i * dimension));
        }

        return new MultiVector(dimension, values);
    }
}
