using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Which rows of a multi-vector output are patches, and how they lie: row-major from <paramref name="FirstRow"/>.</summary>
internal readonly record struct PatchGrid(int FirstRow, int Rows, int Columns)
{
    /// <summary>Finds the grid by the number of rows; null when it does not show one.</summary>
    /// <param name="rowCount">Rows that the graph gave.</param>
    /// <param name="width">Width of the input in pixels.</param>
    /// <param name="height">Height of the input in pixels.</param>
    /// <param name="patchSize">Side of a patch in pixels, when known; a square number of rows is taken for a grid otherwise.</param>
    /// <param name="firstRow">First row of the grid, when known. One extra row is a class token in front; more follow the patches.</param>
    public static PatchGrid? Find(int rowCount, int width, int height, int? patchSize, int? firstRow)
    {
        if (patchSize is { } side)
        {
            (int rows, int columns) = (height / side, width / side);
            int extra = rowCount - (rows * columns);
            int first = firstRow ?? (extra == 1 ? 1 : 0);
            return rows > 0 && columns > 0 && first <= extra ? new PatchGrid(first, rows, columns) : null;
        }

        int offset = firstRow ?? 0;
        foreach (int candidate in firstRow is null ? [0, 1] : new[] { offset })
        {
            int square = (int)Math.Round(Math.Sqrt(rowCount - candidate));
            if (square > 1 && square * square == rowCount - candidate && width == height)
            {
                return new PatchGrid(candidate, square, square);
            }
        }

        return null;
    }

    /// <summary>The place of a row on the input; the whole for a row that is no patch.</summary>
    public Place GetPlace(int row)
    {
        int patch = row - FirstRow;
        if (patch < 0 || patch >= Rows * Columns)
        {
            return Place.Whole;
        }

        (int y, int x) = (patch / Columns, patch % Columns);
        return new Place((float)x / Columns, (float)y / Rows, (float)(x + 1) / Columns, (float)(y + 1) / Rows);
    }
}
