using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding.PageWords;

namespace MultiVecRetrieval.Tests.Encoding.Models;

public class CellMergerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(7, 1)]
    [InlineData(12, 17)]
    public void Merge_RandomGrid_KeepsTheCellsThatNoNeighbourOfTheSameWordPrecedes(int rows, int columns)
    {
        InkGrid grid = RandomGrid(rows, columns, seed: (rows * 100) + columns);

        IReadOnlyList<WordCells> words = CellMerger.Merge(grid, keepSaliency: 0.4f, mergeCosine: 0.9f);

        Assert.Equal(KeptByDefinition(grid, 0.4f, 0.9f), words.Select(word => word.Cell));
    }

    [Fact]
    public void Merge_RandomGrid_PutsEveryKeptCellInSomeBox()
    {
        InkGrid grid = RandomGrid(12, 17, seed: 3);

        IReadOnlyList<WordCells> words = CellMerger.Merge(grid, keepSaliency: 0.4f, mergeCosine: 0.9f);

        for (int cell = 0; cell < grid.CellCount; cell++)
        {
            (int row, int column) = (cell / grid.Columns, cell % grid.Columns);
            Assert.True(
                grid.Saliency[cell] <= 0.4f
                || words.Any(word => row >= word.Top && row < word.Bottom && column >= word.Left && column < word.Right));
        }
    }

    [Fact]
    public void Merge_OneWordOverThreeCells_GivesTheMostSalientAndTheUnion()
    {
        // a a a b, the second a most salient; a gap below.
        float[] a = [1, 0], b = [0, 1];
        InkGrid grid = new(1, 4, 2, [.. a, .. a, .. a, .. b], [0.6f, 0.9f, 0.7f, 0.8f]);

        IReadOnlyList<WordCells> words = CellMerger.Merge(grid, keepSaliency: 0.5f, mergeCosine: 0.9f);

        Assert.Equal([new WordCells(1, 0.9f, 0, 0, 3, 1), new WordCells(3, 0.8f, 3, 0, 4, 1)], words);
    }

    // The definition, pair by pair over all eight neighbours.
    private static List<int> KeptByDefinition(InkGrid grid, float keepSaliency, float mergeCosine)
    {
        List<int> kept = [];
        for (int cell = 0; cell < grid.CellCount; cell++)
        {
            bool isKept = grid.Saliency[cell] > keepSaliency;
            for (int other = 0; other < grid.CellCount; other++)
            {
                bool isNeighbour = other != cell
                    && Math.Abs((other / grid.Columns) - (cell / grid.Columns)) <= 1
                    && Math.Abs((other % grid.Columns) - (cell % grid.Columns)) <= 1;
                bool isSame = TensorPrimitives.Dot(grid.Vector(cell), grid.Vector(other)) > mergeCosine;
                bool precedes = grid.Saliency[other] > grid.Saliency[cell] || (grid.Saliency[other] == grid.Saliency[cell] && other < cell);
                isKept &= !(isNeighbour && isSame && precedes);
            }

            if (isKept)
            {
                kept.Add(cell);
            }
        }

        return kept;
    }

    // Few directions, so that neighbours often agree; few saliencies, so that ties happen.
    private static InkGrid RandomGrid(int rows, int columns, int seed)
    {
        Random random = new(seed);
        float[] vectors = new float[rows * columns * 2];
        float[] saliency = new float[rows * columns];
        for (int cell = 0; cell < saliency.Length; cell++)
        {
            double angle = random.Next(5) * 0.3;
            (vectors[cell * 2], vectors[(cell * 2) + 1]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
            saliency[cell] = random.Next(10) / 10f;
        }

        return new InkGrid(rows, columns, 2, vectors, saliency);
    }
}
