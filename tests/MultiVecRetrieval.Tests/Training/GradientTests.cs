using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Tests.Training;

public class GradientTests
{
    private const int Batch = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Backpropagate_WithClampForSign_IsTheDerivativeOfQuantize(int bits)
    {
        Random random = new(bits);
        RecurrentQuantizer quantizer = new(bits, isSmooth: true);
        float[] row = Gradients.RandomMatrix(random, 1, 40, 2).Values;
        float[] weights = Gradients.RandomMatrix(random, 1, 40).Values;
        float[] quantized = new float[40], gradient = new float[40];
        double Loss()
        {
            quantizer.Quantize(row, quantized);
            return quantized.Zip(weights, (v, w) => (double)v * w).Sum();
        }

        quantizer.Backpropagate(row, weights, gradient);

        Gradients.AssertMatch(Loss, row, gradient, h: 1e-3f, tolerance: 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Backward_OfTheNetwork_IsTheDerivativeOfForward(int blockCount)
    {
        Random random = new(blockCount);
        HeadNetwork network = CreateNetwork(random, dimension: 6, blockCount);
        Matrix input = Gradients.RandomMatrix(random, Batch, 6);
        Matrix weights = Gradients.RandomMatrix(random, Batch, 6);
        double Loss() => Dot(network.Forward(input, threads: 1), weights);
        Loss();

        network.Backward(weights, threads: 1);

        foreach (Parameter parameter in network.Parameters)
        {
            Gradients.AssertMatch(Loss, parameter.Values.Span, [.. parameter.Gradient.Span]);
        }
    }

    [Fact]
    public void Backward_OfABlock_GivesTheDerivativeByItsInput()
    {
        Random random = new(3);
        ResidualBlock block = new(6, 9, random);
        Randomize(random, block.Parameters);
        Matrix input = Gradients.RandomMatrix(random, Batch, 6);
        Matrix weights = Gradients.RandomMatrix(random, Batch, 6);
        Matrix gradient = new(Batch, 6);
        double Loss() => Dot(block.Forward(input, threads: 1), weights);
        Loss();

        block.Backward(weights.Clone(), gradient, threads: 1);

        Gradients.AssertMatch(Loss, input.Span, gradient.Span);
    }

    [Fact]
    public void Add_OfInfoNce_IsItsDerivative()
    {
        Matrix logits = Gradients.RandomMatrix(new Random(4), Batch, Batch, 3);
        Matrix gradient = new(Batch, Batch);
        static bool IsNegative(int i, int j) => (i + j) % 7 != 0;
        double Loss() => ContrastiveLoss.Add(logits, IsNegative, 0.7f, new Matrix(Batch, Batch));

        ContrastiveLoss.Add(logits, IsNegative, 0.7f, gradient);

        Gradients.AssertMatch(Loss, logits.Span, gradient.Span, h: 1e-3f);
        for (int i = 0; i < Batch; i++)
        {
            for (int j = 0; j < Batch; j++)
            {
                Assert.True(i == j || (i + j) % 7 != 0 || gradient[i][j] == 0, "A pair that is no negative has a gradient.");
            }
        }
    }

    [Fact]
    public void Add_OfInfoNce_IsTheCrossEntropyOverTheFiveHardest()
    {
        Matrix logits = Gradients.RandomMatrix(new Random(5), Batch, Batch, 3);
        double expected = 0;
        for (int i = 0; i < Batch; i++)
        {
            double[] row = [.. Enumerable.Range(0, Batch).Where(j => j != i).Select(j => (double)logits[i][j]).OrderDescending().Take(5)];
            double[] column =
                [.. Enumerable.Range(0, Batch).Where(j => j != i).Select(j => (double)logits[j][i]).OrderDescending().Take(5)];
            double positive = logits[i][i];
            expected += Math.Log(row.Append(positive).Sum(Math.Exp)) + Math.Log(column.Append(positive).Sum(Math.Exp)) - (2 * positive);
        }

        double actual = ContrastiveLoss.Add(logits, static (_, _) => true, 1, new Matrix(Batch, Batch));

        Assert.Equal(expected / Batch, actual, 1e-5);
    }

    [Fact]
    public void Add_OfDistillation_IsItsDerivativeAndZeroForTheTeacherItself()
    {
        Random random = new(6);
        Matrix logits = Gradients.RandomMatrix(random, Batch, Batch, 2);
        Matrix teacher = Gradients.RandomMatrix(random, Batch, Batch, 2);
        teacher[3][5] = float.NegativeInfinity;
        Matrix gradient = new(Batch, Batch);
        double Loss() => DistillationLoss.Add(logits, teacher.Clone(), 0.5f, new Matrix(Batch, Batch), threads: 1);

        DistillationLoss.Add(logits, teacher.Clone(), 0.5f, gradient, threads: 2);

        Gradients.AssertMatch(Loss, logits.Span, gradient.Span, h: 1e-3f);
        Assert.Equal(0, gradient[3][5]);
        Assert.Equal(0, DistillationLoss.Add(logits, logits.Clone(), 1, new Matrix(Batch, Batch), threads: 1), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Add_OfTheWholeObjective_IsItsDerivativeByEveryParameter(bool frozen)
    {
        const int Dimension = 16;
        Random random = new(7);
        HeadNetwork network = CreateNetwork(random, Dimension, blockCount: 1);
        Matrix input = Gradients.RandomMatrix(random, 2 * Batch, Dimension, 1.5);
        Matrix teacher = Gradients.RandomMatrix(random, Batch, Batch, 2);
        Matrix codes = Gradients.RandomMatrix(random, Batch, Dimension, 1.5);
        float[] biases = Gradients.RandomMatrix(random, 1, Batch).Values;
        HeadObjective objective = new(
            new RecurrentQuantizer(2, isSmooth: true), Gradients.RandomMatrix(random, 1, Dimension, 0.3).Values,
            Gradients.RandomMatrix(random, 1, Dimension, 0.3).Values, temperature: 0.2f, threads: 1)
        { DistillationWeight = 0.5f };
        double Loss(Matrix gradient)
        {
            Matrix output = network.Forward(input, threads: 1);
            Matrix queries = Half(output, 0), documents = Half(output, Batch);
            Matrix queryGradient = new(Batch, Dimension), documentGradient = new(Batch, Dimension);
            double loss = frozen
                ? objective.AddFrozen(queries, codes, biases, static (_, _) => true, 1, queryGradient)
                : objective.Add(queries, documents, static (_, _) => true, teacher.Clone(), queryGradient, documentGradient);
            queryGradient.Span.CopyTo(gradient.Span);
            documentGradient.Span.CopyTo(gradient.Span[(Batch * Dimension)..]);
            return loss;
        }

        Matrix outputGradient = new(2 * Batch, Dimension);
        Loss(outputGradient);
        network.Backward(outputGradient, threads: 1);

        foreach (Parameter parameter in network.Parameters)
        {
            Gradients.AssertMatch(
                () => Loss(new Matrix(2 * Batch, Dimension)), parameter.Values.Span, [.. parameter.Gradient.Span], h: 2e-3f,
                    tolerance: 0.03);
        }
    }

    private static HeadNetwork CreateNetwork(Random random, int dimension, int blockCount)
    {
        HeadNetwork network = new(dimension, 2 * dimension, blockCount, random);
        Randomize(random, network.Parameters);
        return network;
    }

    // W2 is zero at first, and so would be the gradient of W1.
    private static void Randomize(Random random, IReadOnlyList<Parameter> parameters)
    {
        foreach (Parameter parameter in parameters)
        {
            foreach (ref float value in parameter.Values.Span)
            {
                value += (float)(0.5 * ((2 * random.NextDouble()) - 1));
            }
        }
    }

    private static Matrix Half(Matrix matrix, int firstRow) =>
        new(Batch, matrix.Columns, [.. matrix.Span.Slice(firstRow * matrix.Columns, Batch * matrix.Columns)]);

    private static double Dot(Matrix x, Matrix y)
    {
        double sum = 0;
        for (int i = 0; i < x.Span.Length; i++)
        {
            sum += (double)x.Values[i] * y.Values[i];
        }

        return sum;
    }
}
