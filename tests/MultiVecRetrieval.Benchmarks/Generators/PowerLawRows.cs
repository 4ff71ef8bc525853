namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>
/// Draws unit rows whose variance falls by a power law along d orthogonal directions: direction k has k^-exponent of it, k from 1.
/// The directions are random, so that no coordinate is special.
/// </summary>
internal sealed class PowerLawRows
{
    private readonly int _dimension;

    // [d × d]: direction k, scaled by its standard deviation.
    private readonly float[] _directions;

    public PowerLawRows(int seed, StreamKind kind, int dimension, float exponent)
    {
        _dimension = dimension;
        _directions = new float[dimension * dimension];
        SeededStream random = new(seed, kind, index: 0);
        for (int k = 0; k < dimension; k++)
        {
            Span<float> direction = _directions.AsSpan(k * dimension, dimension);
            foreach (ref float value in direction)
            {
                value = random.NextNormal();
            }

            // Twice is enough (Kahan and Parlett): the second pass removes what rounding left of the first.
            for (int pass = 0; pass < 2; pass++)
            {
                for (int other = 0; other < k; other++)
                {
                    ReadOnlySpan<float> earlier = _directions.AsSpan(other * dimension, dimension);
                    UnitRows.AddScaled(direction, earlier, -(float)Dot(direction, earlier));
                }

                UnitRows.Normalize(direction);
            }
        }

        for (int k = 0; k < dimension; k++)
        {
            float deviation = (float)Math.Pow(k + 1, -exponent / 2);
            foreach (ref float value in _directions.AsSpan(k * dimension, dimension))
            {
                value *= deviation;
            }
        }
    }

    /// <summary>A unit row of <paramref name="random"/>; d numbers are drawn.</summary>
    public void Draw(ref SeededStream random, Span<float> target)
    {
        target.Clear();
        for (int k = 0; k < _dimension; k++)
        {
            UnitRows.AddScaled(target, _directions.AsSpan(k * _dimension, _dimension), random.NextNormal());
        }

        UnitRows.Normalize(target);
    }

    /// <summary><paramref name="count"/> unit rows, [count × d].</summary>
    public float[] Draw(SeededStream random, int count)
    {
        float[] rows = new float[count * _dimension];
        for (int i = 0; i < count; i++)
        {
            Draw(ref random, rows.AsSpan(i * _dimension, _dimension));
        }

        return rows;
    }

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }
}
