using System.Numerics.Tensors;
using MultiVecRetrieval.Eval.Geometry;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Eval;

public class SpaceTransformTests
{
    private const int Dimension = 24;

    [Fact]
    public void RemoveMean_OfItsOwnRows_LeavesHardlyAny()
    {
        MultiVector rows = Rows(400, offset: 0.8f, seed: 1);
        SpaceTransform transform = SpaceTransform.RemoveMean(rows);

        float[] before = Mean(Enumerable.Range(0, rows.RowCount).Select(row => rows.Row(row).ToArray()));
        float[] after = Mean(Enumerable.Range(0, rows.RowCount).Select(row => transform.Apply(rows.Row(row))));

        Assert.True(TensorPrimitives.Norm<float>(before) > 0.5f);
        Assert.InRange(TensorPrimitives.Norm<float>(after), 0, 0.05f);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(Dimension)]
    public void OntoTexts_Rows_KeepWhatTheDirectionsHold(int kept)
    {
        MultiVector texts = Rows(300, offset: 0.3f, seed: 2);
        SpaceTransform transform = SpaceTransform.OntoTexts(texts, kept);
        float[] one = Rows(1, 0, seed: 3).Row(0).ToArray(), other = Rows(1, 0, seed: 4).Row(0).ToArray();

        Assert.Equal(kept, transform.KeptDimension);
        float[] image = transform.Apply(one);
        Assert.Equal(kept, image.Length);
        Assert.Equal(1, TensorPrimitives.Norm<float>(image), 1e-5f);

        // The query alone transformed ranks as both would, up to the length that is left of the other.
        double both = TensorPrimitives.Dot<float>(image, transform.Apply(other));
        double query = TensorPrimitives.Dot<float>(transform.ApplyToQuery(one), other);
        double left = TensorPrimitives.Dot<float>(transform.ApplyToQuery(other), other);
        Assert.Equal(both, query / left, 1e-4);
        Assert.Equal(kept == Dimension, left > 1 - 1e-5);
    }

    // Texts that differ along two axes only: the rest of a picture is not kept.
    [Fact]
    public void OntoTexts_TwoAxes_LosesTheOthers()
    {
        Random random = new(5);
        float[] values = new float[100 * Dimension];
        for (int row = 0; row < 100; row++)
        {
            values[row * Dimension] = random.NextSingle() - 0.5f;
            values[(row * Dimension) + 1] = random.NextSingle() - 0.5f;
        }

        SpaceTransform transform = SpaceTransform.OntoTexts(new MultiVector(Dimension, values), 2);
        float[] picture = new float[Dimension];
        picture[7] = 1;

        Assert.All(transform.Apply(picture), value => Assert.Equal(0, value, 1e-5f));
    }

    private static MultiVector Rows(int count, float offset, int seed)
    {
        Random random = new(seed);
        return new MultiVector(Dimension, [.. Enumerable.Range(0, count).SelectMany(_ =>
        {
            float[] row = [.. Enumerable.Range(0, Dimension).Select(i => (float)(random.NextDouble() - 0.5) + (i < 3 ? offset : 0))];
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
            return row;
        })]);
    }

    private static float[] Mean(IEnumerable<float[]> rows)
    {
        float[][] all = [.. rows];
        return [.. Enumerable.Range(0, Dimension).Select(i => all.Average(row => row[i]))];
    }
}
