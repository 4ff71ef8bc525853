using MultiVecRetrieval.Ann;

namespace MultiVecRetrieval.Tests.Ann;

/// <summary>Scores of the codes of nodes, by their definition in docs/format.md: one value at a time, in float64.</summary>
internal sealed class NodeOracle
{
    private readonly RandomRows _rows;
    private readonly RowCodec _codec;
    private readonly float[][] _means;
    private readonly HnswNodes _nodes;
    private readonly float[][] _rotated;

    public NodeOracle(RandomRows rows, float[] sample, HnswNodes nodes)
    {
        _rows = rows;
        _nodes = nodes;
        _codec = RowCodec.Train(rows.Reader, rows.Count, rows.Dimension, seed: 1);
        float[] rowMean = new float[_codec.CodeLength];
        _codec.RotateQuery(_codec.Mean, rowMean);
        float[] sampleMean = new float[_codec.CodeLength];
        int sampleCount = sample.Length / rows.Dimension;
        _codec.RotateQuery(
            sampleCount == 0
                ? _codec.Mean
                : [.. Enumerable.Range(0, rows.Dimension)
                .Select(j => (float)Enumerable.Range(0, sampleCount).Average(i => (double)sample[(i * rows.Dimension) + j]))],
            sampleMean);
        _means = [rowMean, sampleMean];
        _rotated = [.. Enumerable.Range(0, rows.Count).Select(row =>
        {
            float[] rotated = new float[_codec.CodeLength];
            _codec.Rotate(rows[row].ToArray(), rotated);
            return rotated;
        })];
        Codes = [.. _rotated.Select(Quantize)];
    }

    /// <summary>The levels of each row.</summary>
    public int[][] Codes { get; }

    /// <summary>The score of each row.</summary>
    public double[] Score(float[] query)
    {
        float[] rotated = new float[_codec.CodeLength];
        _codec.RotateQuery(query, rotated);
        float[] mean = _means.MinBy(mean => rotated.Zip(mean).Sum(pair => Math.Pow(pair.First - pair.Second, 2)))!;
        float[] shifted = [.. rotated.Zip(mean).Select(pair => pair.First - pair.Second)];
        double offset = query.Zip(_codec.Mean).Sum(pair => (double)pair.First * pair.Second);
        if (_nodes == HnswNodes.Signs)
        {
            // The mean of squared lengths is that of the int8 codes of the nodes, which differ from the rows by their rounding.
            double radius = Math.Sqrt(_rotated.Average(row => Dot(row, row)));
            double length = Math.Sqrt(Dot(shifted, shifted));
            return [.. Codes.Select(code =>
            {
                int distance = code.Zip(shifted).Count(pair => (pair.First > 0) != (pair.Second >= 0));
                return offset + (length * radius * Math.Sin(Math.PI / 2 * (1 - (2.0 * distance / code.Length))));
            })];
        }

        float largest = shifted.Max(Math.Abs);
        int[] steps = [.. shifted.Select(value => (int)MathF.Round(value * (31 / largest)))];
        return [.. Enumerable.Range(0, _rows.Count).Select(row =>
        {
            double factor = Dot(_rotated[row], _rotated[row]) / _rotated[row].Zip(Codes[row]).Sum(pair => (double)pair.First * pair.Second);
            double product = steps.Zip(Codes[row]).Sum(pair => (double)pair.First * pair.Second) * largest / 31;
            return offset + Dot(mean, _rotated[row]) + (factor * product);
        })];
    }

    private int[] Quantize(float[] rotated)
    {
        float step = _nodes == HnswNodes.TwoPlanes
            ? (float)(0.9957 * Math.Sqrt(Dot(rotated, rotated) / rotated.Length))
            : float.PositiveInfinity;
        return [.. rotated.Select(value => (value >= 0 ? 1 : -1) * (Math.Abs(value) >= step ? 3 : 1))];
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y).Sum(pair => (double)pair.First * pair.Second);
}
