namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>
/// Vectors of the same things under another model: a seeded map into other dimensions, bent by rectified directions, with noise of its own.
/// Texts and pictures go through the same map, so that the new model is about as good as the old one.
/// </summary>
internal sealed class ModelChange
{
    // Length of the bent part and of the noise beside a linear part of length about 1.
    private const float Bend = 0.5f;
    private const float Noise = 0.2f;

    private readonly int _seed;
    private readonly int _from;
    private readonly float[] _linear;
    private readonly float[] _directions;
    private readonly float[] _bent;

    /// <summary>A change from rows of <paramref name="from"/> values to rows of <paramref name="to"/>.</summary>
    public ModelChange(int seed, int from, int to)
    {
        _seed = seed;
        _from = from;
        Dimension = to;
        _linear = Draw(0, (long)from * to, MathF.Sqrt(1f / to));
        _directions = Draw(1, (long)from * from, 1);
        _bent = Draw(2, (long)from * to, MathF.Sqrt(2f / ((long)from * to)) * Bend);
    }

    /// <summary>d of the new model.</summary>
    public int Dimension { get; }

    /// <summary>The rows under the new model, [rows × <see cref="Dimension"/>], of unit length.</summary>
    /// <param name="rows">Unit rows under the old model.</param>
    /// <param name="firstIndex">Number of the first row: noise depends on it.</param>
    public float[] Apply(float[] rows, int firstIndex, int threads)
    {
        int count = rows.Length / _from;
        float[] changed = new float[(long)count * Dimension];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, row =>
            ApplyTo(rows.AsSpan(row * _from, _from), firstIndex + row, changed.AsSpan(row * Dimension, Dimension)));
        return changed;
    }

    private void ApplyTo(ReadOnlySpan<float> row, int index, Span<float> target)
    {
        Span<float> hidden = stackalloc float[_from];
        for (int i = 0; i < _from; i++)
        {
            UnitRows.AddScaled(target, _linear.AsSpan(i * Dimension, Dimension), row[i]);
            UnitRows.AddScaled(hidden, _directions.AsSpan(i * _from, _from), row[i]);
        }

        for (int i = 0; i < _from; i++)
        {
            UnitRows.AddScaled(target, _bent.AsSpan(i * Dimension, Dimension), MathF.Max(0, hidden[i]));
        }

        SeededStream random = new(_seed, StreamKind.Pool, 1_000 + index);
        float scale = Noise / MathF.Sqrt(Dimension);
        foreach (ref float value in target)
        {
            value += random.NextNormal() * scale;
        }

        UnitRows.Normalize(target);
    }

    private float[] Draw(int part, long count, float scale)
    {
        SeededStream random = new(_seed, StreamKind.Rotation, 1_000 + part);
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextNormal() * scale;
        }

        return values;
    }
}
