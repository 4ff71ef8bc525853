using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Libraries.Attributes;

/// <summary>An attribute with its values as rows of a space.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Space">The space.</param>
/// <param name="Rows">One set of rows per value; none where the model reads nothing in it.</param>
/// <param name="Threshold">Similarity from which a value is there; null: the most similar one always is.</param>
internal sealed record EncodedAttribute(AttributeDefinition Attribute, Space Space, IReadOnlyList<MultiVector> Rows, double? Threshold)
{
    /// <summary>Values that the model cannot tell from nothing.</summary>
    public IEnumerable<string> Unread => Attribute.Values.Where((_, i) => Rows[i].RowCount == 0);

    /// <summary>The values of an entry, most similar first: MaxSim of each over the number of its rows.</summary>
    public IReadOnlyList<AttributeValue> Judge(MultiVector entry)
    {
        IEnumerable<AttributeValue> found = Enumerable.Range(0, Rows.Count).Where(i => Rows[i].RowCount > 0)
            .Select(i => new AttributeValue(Attribute.Values[i], MaxSim.Score(Rows[i].View, entry.View) / Rows[i].RowCount))
            .Where(value => !(value.Similarity < Threshold))
            .OrderByDescending(value => value.Similarity).ThenBy(value => value.Value, StringComparer.Ordinal);
        return [.. Attribute.IsMultiple ? found : found.Take(1)];
    }

    /// <summary>Rows as far as they speak of this attribute: each projected onto the span of the differences between its values, and
    /// brought to length 1; without those of which nothing is left. What entries are in other respects has no part in their inner products
    /// (CCAN's conditional embedding, arXiv:2307.13254, without training).</summary>
    /// <exception cref="InvalidQueryException">The model reads fewer than two values, so there is no difference.</exception>
    public (MultiVector Rows, int[] Kept) Project(MultiVector rows)
    {
        float[][] values = [.. Rows.Where(value => value.RowCount > 0)
            .Select(value => value.RowCount == 1 ? value.Row(0).ToArray() : VectorComposition.Mean(value))];
        if (values.Length < 2)
        {
            throw new InvalidQueryException(
                $"Attribute '{Attribute.Name}' has {values.Length} values that its model reads; comparing by it takes two.", "attribute");
        }

        List<float[]> projected = [];
        List<int> kept = [];
        for (int row = 0; row < rows.RowCount; row++)
        {
            if (VectorComposition.ProjectOnto(rows.Row(row).ToArray(), values) is { } left)
            {
                projected.Add(left);
                kept.Add(row);
            }
        }

        return (new MultiVector(rows.Dimension, [.. projected.SelectMany(row => row)]), [.. kept]);
    }
}
