using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Records;

/// <summary>Gives rows length 1; a row of zeros stays one, and is like nothing.</summary>
internal static class UnitRows
{
    public static MultiVector Of(MultiVector rows)
    {
        float[] units = rows.Values.ToArray();
        for (int row = 0; row < rows.RowCount; row++)
        {
            Span<float> unit = units.AsSpan(row * rows.Dimension, rows.Dimension);

            // Squares of very large or very small numbers leave the range of float32; the largest is brought to 1 first.
            float largest = TensorPrimitives.MaxMagnitude<float>(unit);
            if (largest != 0 && float.IsFinite(largest))
            {
                TensorPrimitives.Divide(unit, Math.Abs(largest), unit);
                TensorPrimitives.Divide(unit, TensorPrimitives.Norm<float>(unit), unit);
            }
        }

        return new MultiVector(rows.Dimension, units);
    }
}
