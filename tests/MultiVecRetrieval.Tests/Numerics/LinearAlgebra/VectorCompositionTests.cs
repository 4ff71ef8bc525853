using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Tests.Numerics.LinearAlgebra;

/// <summary>Identities of the operators, on random vectors.</summary>
public sealed class VectorCompositionTests
{
    private readonly Random _random = new(7);

    [Fact]
    public void Sum_WithSignsAndWeights_IsTheNormalizedSum()
    {
        float[] sum = VectorComposition.Sum([[2, 0, 0], [0, 5, 0], [0, 0, 1]], [1, 2, -2]);

        Assert.Equal([1 / 3f, 2 / 3f, -2 / 3f], sum, Near);
    }

    [Fact]
    public void Direct_Identities_Hold()
    {
        for (int i = 0; i < 50; i++)
        {
            float[] subject = Draw();
            float[] context = Draw();
            float[] modified = Draw();

            Assert.Equal(modified, VectorComposition.Direct(subject, context, modified, 1, 1), Near);
            Assert.Equal(subject, VectorComposition.Direct(subject, context, modified, 0, 0), Near);
            Assert.Equal(context, VectorComposition.Direct(subject, context, modified, 0, 1), Near);
        }
    }

    [Fact]
    public void Direct_AnyScaleAndShare_IsTheFormula()
    {
        for (int i = 0; i < 50; i++)
        {
            float[] v = Draw();
            float[] t = Draw();
            float[] tc = Draw();
            double a = (2.5 * _random.NextDouble()) - 0.5;
            double b = _random.NextDouble();

            double[] d = [.. tc.Zip(t, (x, y) => (double)x - y)];
            double[] image = Norm([.. v.Zip(d, (x, y) => x + (a * y))]);
            double[] text = Norm([.. t.Zip(d, (x, y) => x + (a * y))]);
            double[] expected = Norm([.. image.Zip(text, (x, y) => ((1 - b) * x) + (b * y))]);
            Assert.Equal(expected.Select(x => (float)x), VectorComposition.Direct(v, t, tc, a, b), Near);
        }
    }

    [Fact]
    public void Slerp_AnyShare_DividesTheAngle()
    {
        for (int i = 0; i < 50; i++)
        {
            float[] from = Draw();
            float[] to = Draw();
            double share = _random.NextDouble();

            float[] point = VectorComposition.Slerp(from, to, share);

            double angle = Math.Acos(Dot(from, to));
            Assert.Equal(share * angle, Math.Acos(Math.Min(1, Dot(from, point))), 3);
            Assert.Equal((1 - share) * angle, Math.Acos(Math.Min(1, Dot(point, to))), 3);
        }
    }

    [Fact]
    public void ProjectOut_SeveralDirections_LeavesNothingOfThem()
    {
        for (int i = 0; i < 50; i++)
        {
            float[] query = Draw();
            float[] first = Draw();
            float[] second = Draw();

            float[] left = VectorComposition.ProjectOut(query, [first, second, first]);

            Assert.Equal(0, Dot(left, first), 5);
            Assert.Equal(0, Dot(left, second), 5);
            Assert.Equal(1, Dot(left, left), 5);
        }
    }

    [Fact]
    public void ProjectOut_WeightZero_ChangesNothing()
    {
        float[] query = Draw();

        Assert.Equal(query, VectorComposition.ProjectOut(query, [Draw()], 0), Near);
    }

    [Fact]
    public void Compose_NothingLeft_IsRefused()
    {
        float[] vector = Draw();
        float[] opposite = [.. vector.Select(x => -x)];

        Assert.Throws<ArgumentException>(() => VectorComposition.Sum([vector, vector], [1, -1]));
        Assert.Throws<ArgumentException>(() => VectorComposition.ProjectOut(vector, [vector]));
        Assert.Throws<ArgumentException>(() => VectorComposition.Slerp(vector, opposite, 0.5));
        Assert.Throws<ArgumentException>(() => VectorComposition.Sum([new float[8]], [1]));
        Assert.Throws<ArgumentException>(() => VectorComposition.Sum([vector, [1, 0]], [1, 1]));
    }

    private float[] Draw() => [.. Norm([.. Enumerable.Range(0, 8).Select(_ => (2 * _random.NextDouble()) - 1)]).Select(x => (float)x)];

    private static double[] Norm(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => x / length)];
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-5f;
}
