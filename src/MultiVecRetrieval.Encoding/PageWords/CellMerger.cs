using System.Numerics.Tensors;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>Merges neighbouring cells that carry the same word and keeps the most salient of them.</summary>
/// <remarks>
/// Cells are ordered by saliency, the one first in reading order winning a tie. A cell gives way when one of its eight neighbours has
/// a cosine above the threshold and comes before it in that order. What remains are the local maxima; a cell that gave way belongs to
/// the cell it gave way to, and through it to a maximum. The order is total, so the result does not depend on the way it is computed.
/// </remarks>
internal static class CellMerger
{
    private static readonly (int Rows, int Columns)[] Forward = [(0, 1), (1, 0), (1, 1), (1, -1)];

    /// <summary>The words of <paramref name="grid"/> in reading order of their cells.</summary>
    /// <param name="grid">Cells with unit vectors.</param>
    /// <param name="keepSaliency">Cells up to this saliency are no words.</param>
    /// <param name="mergeCosine">Neighbours above this cosine carry the same word.</param>
    public static List<WordCells> Merge(InkGrid grid, float keepSaliency, float mergeCosine)
    {
        int[] winner = FindWinners(grid, keepSaliency, mergeCosine);
        Dictionary<int, WordCells> words = [];
        for (int cell = 0; cell < grid.CellCount; cell++)
        {
            if (grid.Saliency[cell] <= keepSaliency)
            {
                continue;
            }

            // Whatever a salient cell gives way to is at least as salient, so the maximum at the end of the way is kept too.
            int maximum = cell;
            while (winner[maximum] >= 0)
            {
                maximum = winner[maximum];
            }

            int row = cell / grid.Columns;
            int column = cell % grid.Columns;
            words[maximum] = words.TryGetValue(maximum, out WordCells word)
                ? word with
                {
                    Left = Math.Min(word.Left, column),
                    Top = Math.Min(word.Top, row),
                    Right = Math.Max(word.Right, column + 1),
                    Bottom = Math.Max(word.Bottom, row + 1),
                }
                : new WordCells(maximum, grid.Saliency[maximum], column, row, column + 1, row + 1);
        }

        return [.. words.Values.OrderBy(word => word.Cell)];
    }

    // For each kept cell the best neighbour that it gives way to, or -1. Only kept cells can win over a kept cell.
    private static int[] FindWinners(InkGrid grid, float keepSaliency, float mergeCosine)
    {
        int[] winner = new int[grid.CellCount];
        Array.Fill(winner, -1);
        for (int cell = 0; cell < grid.CellCount; cell++)
        {
            if (grid.Saliency[cell] <= keepSaliency)
            {
                continue;
            }

            int row = cell / grid.Columns;
            int column = cell % grid.Columns;
            foreach ((int rows, int columns) in Forward)
            {
                if (row + rows >= grid.Rows || column + columns < 0 || column + columns >= grid.Columns)
                {
                    continue;
                }

                int neighbour = cell + (rows * grid.Columns) + columns;
                if (grid.Saliency[neighbour] > keepSaliency
                    && TensorPrimitives.Dot(grid.Vector(cell), grid.Vector(neighbour)) > mergeCosine)
                {
                    (int first, int second) = ComesBefore(grid, cell, neighbour) ? (cell, neighbour) : (neighbour, cell);
                    if (winner[second] < 0 || ComesBefore(grid, first, winner[second]))
                    {
                        winner[second] = first;
                    }
                }
            }
        }

        return winner;
    }

    private static bool ComesBefore(InkGrid grid, int cell, int other) =>
        grid.Saliency[cell] > grid.Saliency[other] || (grid.Saliency[cell] == grid.Saliency[other] && cell < other);
}
