using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Numerics;

/// <summary>Codes against the angle that they stand for.</summary>
public sealed class SignSketchTests
{
    private readonly Random _random = new(5);

    [Theory]
    [InlineData(4)]
    [InlineData(128)]
    [InlineData(512)]
    [InlineData(700)]
    public void Distance_PlantedAngles_IsTheShareOfTheHalfCircle(int dimension)
    {
        SignSketch sketch = new(dimension);
        foreach (double cosine in new[] { 1.0, 0.95, 0.8, 0.5, 0.0, -1.0 })
        {
            double[] distances = [.. Enumerable.Range(0, 100).Select(_ =>
            {
                (float[] x, float[] y) = Plant(dimension, cosine);
                return (double)SignSketch.Distance(Encode(sketch, x), Encode(sketch, y));
            })];

            // Each bit differs with probability p; the mean of 100 codes lies within five standard deviations of 512 p. Bits of one
            // rotation are not independent of each other, which is why it is not three.
            double p = Math.Acos(cosine) / Math.PI;
            double deviation = Math.Sqrt(512 * p * (1 - p) / 100);
            Assert.InRange(distances.Average(), (512 * p) - (5 * deviation) - 3, (512 * p) + (5 * deviation) + 3);
        }
    }

    [Fact]
    public void GetRadius_PairsOfThatCosine_AreWithinIt()
    {
        SignSketch sketch = new(512);
        foreach (double cosine in new[] { 0.99, 0.9, 0.8 })
        {
            int within = Enumerable.Range(0, 1000).Count(_ =>
            {
                (float[] x, float[] y) = Plant(512, cosine);
                return SignSketch.Distance(Encode(sketch, x), Encode(sketch, y)) <= SignSketch.GetRadius(cosine);
            });

            Assert.True(within >= 990, $"{within} of 1000 at {cosine}");
        }

        Assert.True(SignSketch.GetRadius(0.9) < SignSketch.GetRadius(0.8));
        Assert.Equal(0, SignSketch.GetRadius(1));
        Assert.Equal(512, SignSketch.GetRadius(-1));
    }

    [Fact]
    public void Encode_ScaledVector_IsTheSameCode()
    {
        SignSketch sketch = new(96);
        (float[] x, _) = Plant(96, 0);

        Assert.Equal(Encode(sketch, x), Encode(sketch, [.. x.Select(value => 7 * value)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Encode(new float[95], new ulong[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Encode(x, new ulong[4]));
    }

    private static ulong[] Encode(SignSketch sketch, float[] vector)
    {
        ulong[] code = new ulong[SignSketch.WordCount];
        sketch.Encode(vector, code);
        return code;
    }

    private (float[] X, float[] Y) Plant(int dimension, double cosine)
    {
        float[] x = Unit(dimension);
        float[] other = Unit(dimension);
        float along = TensorPrimitives.Dot<float>(x, other);
        float[] across = [.. other.Select((value, k) => value - (along * x[k]))];
        float norm = TensorPrimitives.Norm<float>(across);
        double sine = Math.Sqrt(1 - (cosine * cosine));
        return (x, [.. x.Select((value, k) => (float)((cosine * value) + (sine * across[k] / norm)))]);
    }

    private float[] Unit(int dimension)
    {
        float[] x = [.. Enumerable.Range(0, dimension).Select(_ => (float)Normal())];
        float norm = TensorPrimitives.Norm<float>(x);
        return [.. x.Select(value => value / norm)];
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
