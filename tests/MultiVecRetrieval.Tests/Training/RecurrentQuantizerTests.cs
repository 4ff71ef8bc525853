using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Tests.Training;

public class RecurrentQuantizerTests
{
    private static readonly double[] Steps = [1.596, 0.9957, 0.586, 0.3352];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Encode_AnyValue_IsTheNearestLevelOfTheUniformGrid(int bits)
    {
        // Away from the edges of cells, where the rounding of c·b decides.
        float[] values = [.. Enumerable.Range(0, 4001).Select(i => (i - 2000) * 0.00237f)];
        float[] code = new float[values.Length];

        new RecurrentQuantizer(bits).Encode(values, code);

        double step = Steps[bits - 1], top = Math.Pow(2, bits - 1);
        for (int i = 0; i < values.Length; i++)
        {
            double cell = values[i] / step;
            double expected = Math.Clamp(Math.Floor(cell) + 0.5, -top + 0.5, top - 0.5) * 2 / top;
            Assert.True(Math.Abs(cell - Math.Round(cell)) < 1e-5
                || expected == code[i], $"{values[i]}: {expected} expected, {code[i]} found.");
        }
    }

    [Fact]
    public void Encode_Zero_IsPositive()
    {
        float[] code = new float[2];

        new RecurrentQuantizer(1).Encode([0, -0f], code);

        Assert.Equal([1, 1], code);
    }

    [Theory]
    [InlineData(1, 0.75)]
    [InlineData(2, 0.93)]
    [InlineData(3, 0.98)]
    [InlineData(4, 0.99)]
    public void Quantize_GaussianRow_KeepsItsProjectionAndItsDirection(int bits, double leastCosine)
    {
        // The square error of the uniform grid on a Gaussian, .363 .119 .037 .012, gives cosines of .80, .94, .98 and .99.
        Random random = new(bits);
        float[] row = [.. Enumerable.Range(0, 256).Select(_ => (float)Enumerable.Range(0, 12).Sum(_ => random.NextDouble() - 0.5))];
        float[] quantized = new float[row.Length];

        new RecurrentQuantizer(bits).Quantize(row, quantized);

        double squares = row.Sum(x => (double)x * x), inner = row.Zip(quantized, (x, v) => (double)x * v).Sum();
        Assert.Equal(squares, inner, 1e-4 * squares);
        Assert.True(inner / Math.Sqrt(squares * quantized.Sum(v => (double)v * v)) > leastCosine);
    }

    [Fact]
    public void Quantize_RowOfZeros_IsZerosAndHasNoGradient()
    {
        RecurrentQuantizer quantizer = new(2);
        float[] quantized = [1, 1], gradient = new float[2];

        quantizer.Quantize([0, 0], quantized);
        quantizer.Backpropagate([0, 0], [1, 1], gradient);

        Assert.Equal([0, 0], quantized);
        Assert.Equal([0, 0], gradient);
    }
}
