namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>A trained block: y = x + relu(x·<see cref="Weights1"/> + <see cref="Offset1"/>)·<see cref="Weights2"/> +
/// <see cref="Offset2"/>.</summary>
/// <param name="Weights1">[d × hidden]</param>
/// <param name="Offset1">[hidden]</param>
/// <param name="Weights2">[hidden × d]</param>
/// <param name="Offset2">[d]</param>
internal sealed record FrozenBlock(Matrix Weights1, float[] Offset1, Matrix Weights2, float[] Offset2)
{
    /// <summary>y, in place of x.</summary>
    public void Apply(Matrix values, int threads)
    {
        Matrix hidden = new(values.Rows, Weights1.Columns);
        for (int row = 0; row < hidden.Rows; row++)
        {
            Offset1.CopyTo(hidden[row]);
        }

        Gemm.Multiply(values, false, Weights1, false, hidden, accumulate: true, threads: threads);
        Span<float> all = hidden.Span;
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = all[i] > 0 ? all[i] : 0;
        }

        for (int row = 0; row < values.Rows; row++)
        {
            RowMath.AddScaled(Offset2, 1, values[row]);
        }

        Gemm.Multiply(hidden, false, Weights2, false, values, accumulate: true, threads: threads);
    }

    /// <summary>The same block for values in other coordinates: z = (x - <paramref name="origin"/>)·<paramref name="map"/>, x =
    /// z·<paramref name="back"/> + origin.</summary>
    public FrozenBlock ChangeCoordinates(float[] origin, Matrix map, Matrix back, int threads)
    {
        Matrix weights1 = new(map.Rows, Weights1.Columns), weights2 = new(Weights2.Rows, back.Columns);
        Gemm.Multiply(map, false, Weights1, false, weights1, threads: threads);
        Gemm.Multiply(Weights2, false, back, false, weights2, threads: threads);
        Matrix shift = new(1, Weights1.Columns), offset2 = new(1, back.Columns);
        Gemm.Multiply(new Matrix(1, origin.Length, origin), false, weights1, false, shift);
        Gemm.Multiply(new Matrix(1, Offset2.Length, Offset2), false, back, false, offset2);
        float[] offset1 = [.. Offset1];
        RowMath.AddScaled(shift.Span, -1, offset1);
        return new FrozenBlock(weights1, offset1, weights2, offset2.Values);
    }
}
