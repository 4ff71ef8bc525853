namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Into how many tiles a picture is cut, and the sizes it is brought to on the way.</summary>
/// <param name="Rows">Rows of tiles; 0 for a picture that is one tile and not cut.</param>
/// <param name="Columns">Columns of tiles; 0 for a picture that is one tile.</param>
/// <param name="FirstWidth">Width after the first resize, which keeps the proportions.</param>
/// <param name="FirstHeight">Height after the first resize.</param>
/// <remarks>Source: the image processor of Idefics3 and SmolVLM in transformers.</remarks>
internal readonly record struct TileGrid(int Rows, int Columns, int FirstWidth, int FirstHeight)
{
    // What the processor brings pictures down to when a file asks for more.
    private const int LargestSide = 4096;

    /// <summary>Pictures that the model sees: the tiles, and the whole last.</summary>
    public int PictureCount => (Rows * Columns) + 1;

    /// <summary>Computes the grid of a picture of the given size.</summary>
    public static TileGrid Compute(TileOptions options, int width, int height)
    {
        (int firstWidth, int firstHeight) = ToLongestSide(width, height, options.LongestSide);
        if (!options.Splits)
        {
            return new TileGrid(0, 0, firstWidth, firstHeight);
        }

        int side = options.TileSide;
        double aspect = (double)firstWidth / firstHeight;
        int columns, rows;
        if (firstWidth >= firstHeight)
        {
            columns = CeilingDivide(firstWidth, side);
            rows = CeilingDivide((int)(columns * side / aspect), side);
        }
        else
        {
            rows = CeilingDivide(firstHeight, side);
            columns = CeilingDivide((int)(rows * side * aspect), side);
        }

        (rows, columns) = (Math.Max(1, rows), Math.Max(1, columns));
        return rows * columns == 1 ? new TileGrid(0, 0, firstWidth, firstHeight) : new TileGrid(rows, columns, firstWidth, firstHeight);
    }

    // The shorter side is truncated and then made even.
    private static (int Width, int Height) ToLongestSide(int width, int height, int longest)
    {
        double aspect = (double)width / height;
        if (width >= height)
        {
            (width, height) = (longest, Even((int)(longest / aspect)));
        }
        else
        {
            (width, height) = (Even((int)(longest * aspect)), longest);
        }

        (width, height) = (Math.Max(1, width), Math.Max(1, height));
        aspect = (double)width / height;
        (width, height) = Math.Max(width, height) <= LargestSide ? (width, height)
            : width >= height ? (LargestSide, (int)(LargestSide / aspect))
            : ((int)(LargestSide * aspect), LargestSide);
        return (Math.Max(1, width), Math.Max(1, height));
    }

    private static int Even(int side) => side + (side & 1);

    private static int CeilingDivide(int length, int side) => (int)(((long)length + side - 1) / side);
}
