using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Tests.Training;

public class HeadPartsTests
{
    [Fact]
    public void Forward_NewBlock_ChangesNothing()
    {
        Matrix input = Gradients.RandomMatrix(new Random(1), 20, 7);

        Matrix output = new ResidualBlock(7, 12, new Random(2)).Forward(input, threads: 1);

        Assert.Equal(input.Values, output.Values);
    }

    [Fact]
    public void Freeze_OnTheBatchItself_GivesTheSameRowsAsForward()
    {
        Random random = new(2);
        HeadNetwork network = new(7, 12, blockCount: 2, random);
        foreach (Parameter parameter in network.Parameters)
        {
            foreach (ref float value in parameter.Values.Span)
            {
                value += (float)(random.NextDouble() - 0.5);
            }
        }

        Matrix input = Gradients.RandomMatrix(random, 20, 7);
        Matrix expected = network.Forward(input, threads: 1);

        Matrix actual = input.Clone();
        foreach (FrozenBlock block in network.Freeze(input, threads: 1))
        {
            block.Apply(actual, threads: 1);
        }

        AssertClose(expected.Values, actual.Values, 1e-4);
    }

    [Fact]
    public void ChangeCoordinates_OfABlock_IsTheBlockBetweenTheMaps()
    {
        Random random = new(3);
        Matrix rows = Gradients.RandomMatrix(random, 30, 8);
        HeadCoordinates coordinates = HeadCoordinates.Create(rows, random);
        FrozenBlock block = new(
            Gradients.RandomMatrix(random, 8, 11), Gradients.RandomMatrix(random, 1, 11).Values,
            Gradients.RandomMatrix(random, 11, 8), Gradients.RandomMatrix(random, 1, 8).Values);
        Matrix moved = coordinates.Apply(rows, 1), expected = new(30, 8);
        block.Apply(moved, threads: 1);
        Gemm.Multiply(moved, false, coordinates.Back, false, expected);
        for (int row = 0; row < 30; row++)
        {
            RowMath.AddScaled(coordinates.Mean, 1, expected[row]);
        }

        Matrix actual = rows.Clone();
        block.ChangeCoordinates(coordinates.Mean, coordinates.Map, coordinates.Back, threads: 1).Apply(actual, threads: 1);

        AssertClose(expected.Values, actual.Values, 1e-4);
    }

    [Fact]
    public void Apply_OfCoordinates_CentresAndGivesUnitVariance()
    {
        Matrix rows = Gradients.RandomMatrix(new Random(4), 400, 12, scale: 7);

        Matrix moved = HeadCoordinates.Create(rows, new Random(5)).Apply(rows, threads: 2);

        Assert.All(HeadCoordinates.GetMean(moved), mean => Assert.Equal(0, mean, 1e-4));
        Assert.Equal(1, moved.Values.Sum(value => (double)value * value) / moved.Values.Length, 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(65)]
    public void Create_OfARotation_IsOrthogonal(int dimension)
    {
        Matrix rotation = Rotation.Create(dimension, new Random(dimension)), product = new(dimension, dimension);

        Gemm.Multiply(rotation, false, rotation, true, product);

        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
            {
                Assert.Equal(i == j ? 1 : 0, product[i][j], 1e-5);
            }
        }
    }

    [Fact]
    public void Fit_OfTheRidgeMap_SolvesTheNormalEquations()
    {
        Random random = new(6);
        Matrix x = Gradients.RandomMatrix(random, 200, 9), y = Gradients.RandomMatrix(random, 200, 5);
        const double Penalty = 0.3;

        (Matrix map, float[] offset) = RidgeMap.Fit(x, y, Penalty, threads: 2);

        // At the minimum of Σ|x·map + offset - y|² + λ|map|² the residuals r sum to 0, and Xᵀr = -λ·map with X centred.
        float[] mean = HeadCoordinates.GetMean(x);
        double variance = Enumerable.Range(0, 200 * 9).Sum(i => Math.Pow(x.Values[i] - mean[i % 9], 2)) / 9;
        for (int j = 0; j < 5; j++)
        {
            double[] residuals = [.. Enumerable.Range(0, 200).Select(row =>
                Enumerable.Range(0, 9).Sum(i => (double)x[row][i] * map[i][j]) + offset[j] - y[row][j])];
            Assert.Equal(0, residuals.Sum(), 1e-3);
            for (int i = 0; i < 9; i++)
            {
                double slope = residuals.Select((residual, row) => (x[row][i] - mean[i]) * residual).Sum();
                Assert.Equal(-Penalty * variance * map[i][j], slope, 1e-3);
            }
        }
    }

    [Fact]
    public void Create_OfAProblem_HidesHeldOutDocumentsFromTraining()
    {
        BinarizerSample sample = BinarizerSamples.Mirrored(400);
        // Every third document has two queries.
        BinarizerSample doubled = sample with
        {
            Queries = [.. sample.Queries, .. sample.Queries.Take(130 * sample.Dimension)],
            Positives = [.. sample.Positives, .. Enumerable.Range(0, 130).Select(i => 3 * i)],
        };

        HeadProblem problem = HeadProblems.Create(doubled, BinarizerSamples.Options, default);

        Assert.Empty(problem.Training.Intersect(problem.Test));
        Assert.Empty(problem.Training.Intersect(problem.Validation));
        Assert.Empty(problem.Validation.Intersect(problem.Test));
        Assert.Equal(530, problem.Training.Length + problem.Validation.Length + problem.Test.Length);
        Assert.All(problem.Training, query => Assert.True(problem.IsTrainingDocument[problem.Answers[query][0]]));
        Assert.All(problem.Test.Concat(problem.Validation), query => Assert.False(problem.IsTrainingDocument[problem.Answers[query][0]]));
    }

    [Fact]
    public void Create_OfMoreThanTheMost_TakesARandomChoiceWithItsQueries()
    {
        HeadProblem problem =
            HeadProblems.Create(BinarizerSamples.Mirrored(600), BinarizerSamples.Options with { MaxDocuments = 250 }, default);

        Assert.Equal((250, 250), (problem.Documents.Rows, problem.Queries.Rows));
        for (int query = 0; query < 250; query++)
        {
            // A mirrored query has the second half of its document.
            Assert.Equal(problem.Documents[problem.Answers[query][0]][8..].ToArray(), problem.Queries[query][8..].ToArray());
            Assert.Equal(problem.QueryRows[query], problem.DocumentRows[problem.Answers[query][0]]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Next_AnyBatch_HoldsEachDocumentOnceAndOnlyTrainingPairs(bool isLabelled)
    {
        BinarizerSample sample = BinarizerSamples.Mirrored(400);
        HeadProblem problem =
            HeadProblems.Create(isLabelled ? sample : sample with { Queries = [], Positives = [] }, BinarizerSamples.Options, default);
        BatchSampler sampler = new(problem, new Random(1), threads: 1, default);

        for (int batch = 0; batch < 10; batch++)
        {
            (int[] queries, int[] documents) = sampler.Next(100);

            Assert.Equal(100, documents.Distinct().Count());
            Assert.All(queries.Zip(documents), pair => Assert.Contains(pair.Second, problem.Answers[pair.First]));
            Assert.All(queries, query => Assert.Contains(query, problem.Training));
            Assert.All(documents, document => Assert.True(problem.IsTrainingDocument[document]));
        }
    }

    [Fact]
    public void Find_OfNeighbors_IsTheSortedListWithBiasAndWithoutSelf()
    {
        Random random = new(7);
        Matrix rows = Gradients.RandomMatrix(random, 300, 10);
        float[] biases = Gradients.RandomMatrix(random, 1, 300).Values;
        int[] self = [.. Enumerable.Range(0, 300)];

        int[][] found = Neighbors.Find(rows, rows, 5, biases, self, threads: 2, default);

        for (int i = 0; i < 300; i++)
        {
            int[] expected = [.. self.Where(j => j != i)
                .OrderByDescending(j => Enumerable.Range(0, 10).Sum(k => (double)rows[i][k] * rows[j][k]) + biases[j]).Take(5)];
            Assert.Equal(expected, found[i]);
        }
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
