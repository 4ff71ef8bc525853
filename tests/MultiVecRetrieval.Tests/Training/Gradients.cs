using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Tests.Training;

/// <summary>Compares gradients written by hand with central differences.</summary>
internal static class Gradients
{
    public static Matrix RandomMatrix(Random random, int rows, int columns, double scale = 1)
    {
        Matrix matrix = new(rows, columns);
        for (int i = 0; i < matrix.Values.Length; i++)
        {
            matrix.Values[i] = (float)(scale * ((2 * random.NextDouble()) - 1));
        }

        return matrix;
    }

    /// <summary>
    /// Checks dL/dv of every value. The difference quotient of a float32 loss L at distance h errs by about u·|L|/h and h²; a kink (relu,
    /// clamp, a change of the hardest negatives) within h of a value adds to it, so a few values in a hundred may be off.
    /// </summary>
    public static void AssertMatch(Func<double> loss, Span<float> values, ReadOnlySpan<float> gradient, float h = 1e-2f,
        double tolerance = 0.02)
    {
        double largest = 0;
        foreach (float g in gradient)
        {
            largest = Math.Max(largest, Math.Abs(g));
        }

        Assert.True(largest > 0, "The gradient is zero: nothing would be compared.");
        int wrong = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            values[i] = value + h;
            double above = loss();
            values[i] = value - h;
            double below = loss();
            double distance = (double)(value + h) - (value - h);
            values[i] = value;
            double expected = (above - below) / distance;
            if (Math.Abs(expected - gradient[i]) > tolerance * largest)
            {
                wrong++;
            }
        }

        Assert.True(wrong <= values.Length / 20, $"{wrong} of {values.Length} values of the gradient differ from the difference quotient.");
    }
}
