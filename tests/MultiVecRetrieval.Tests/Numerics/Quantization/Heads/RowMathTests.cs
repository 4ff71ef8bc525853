using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Tests.Training;

namespace MultiVecRetrieval.Tests.Numerics.Quantization.Heads;

public class RowMathTests
{
    [Fact]
    public void Exp_WholeRange_IsWithinFourUnitsInTheLastPlace()
    {
        for (float x = -87; x <= 88; x += 0.0137f)
        {
            double exact = Math.Exp(x);

            Assert.Equal(exact, RowMath.Exp(x), exact * 4 * Math.Pow(2, -23));
        }
    }

    [Fact]
    public void Exp_FarBelow_IsZero() => Assert.Equal(0, RowMath.Exp(-100));

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(37)]
    public void Softmax_AnyLength_IsTheDefinition(int length)
    {
        Random random = new(length);
        float[] logits = [.. Enumerable.Range(0, length).Select(_ => (float)(20 * random.NextDouble()))];
        logits[length / 2] = length > 1 ? float.NegativeInfinity : 3;
        double sum = logits.Sum(x => Math.Exp(x));
        double[] expected = [.. logits.Select(x => Math.Exp(x) / sum)];

        double normalizer = RowMath.Softmax(logits);

        Assert.Equal(Math.Log(sum), normalizer, 1e-5);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(expected[i], logits[i], 1e-6);
        }
    }

    [Fact]
    public void Dot_AnyLength_IsTheSumInSixteenLanes()
    {
        Random random = new(1);
        for (int length = 0; length < 50; length++)
        {
            float[] x = Gradients.RandomMatrix(random, 1, length).Values, y = Gradients.RandomMatrix(random, 1, length).Values;
            float[] lanes = new float[16];
            for (int i = 0; i < length; i++)
            {
                lanes[i % 16] += x[i] * y[i];
            }

            for (int half = 8; half > 0; half /= 2)
            {
                for (int i = 0; i < half; i++)
                {
                    lanes[i] += lanes[i + half];
                }
            }

            Assert.Equal(lanes[0], RowMath.Dot(x, y));
        }
    }
}
