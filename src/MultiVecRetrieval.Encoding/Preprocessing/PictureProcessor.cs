using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Turns pictures into the input of a model whose input depends on the picture's size. Thread-safe.</summary>
internal abstract class PictureProcessor
{
    /// <summary>Values of one picture at most: as many as a fixed input of 8192 × 8192 pixels has.</summary>
    public const long MaxValues = 3L * 8192 * 8192;

    /// <summary>Tokens of one picture at most.</summary>
    public const long MaxTokens = 65536;

    /// <summary>Everything that decides what comes out, as text.</summary>
    public abstract string Identity { get; }

    /// <summary>What was decided and which file says so, for people.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Description { get; init; }

    /// <summary>The axes of the pixel input without a batch; -1 where the picture decides.</summary>
    public abstract IReadOnlyList<long> PixelShape { get; }

    /// <summary>The longer side, in pixels, of the largest page of paper (1 : √2) that loses nothing on the way to the model.</summary>
    public abstract int PageLongSide { get; }

    /// <summary>True when the graph may declare the pixels without a batch.</summary>
    public virtual bool MayLackBatch => false;

    /// <summary>Makes the input of one picture.</summary>
    /// <exception cref="ArgumentException">The model takes no picture of such a shape.</exception>
    public abstract PictureInput Apply(RgbImage image);

    /// <summary>The smallest input there is, all zero: what the text side of a combined graph is fed.</summary>
    public abstract PictureInput CreateEmpty();

    /// <summary>What is wrong with the graph's pixel input; null when the pictures fit it.</summary>
    public string? FindProblem(OnnxTensor input)
    {
        IReadOnlyList<long> expected = PixelShape;
        int batchAxes = input.Rank - expected.Count;
        bool fits = (batchAxes == 1 && input.Shape[0] is 1 or -1) || (batchAxes == 0 && MayLackBatch);
        for (int axis = 0; fits && axis < expected.Count; axis++)
        {
            // An axis that the picture decides is left open by the graph; one that the files fix may be.
            long declared = input.Shape[batchAxes + axis];
            fits = declared < 0 || declared == expected[axis];
        }

        return fits ? null
            : $"the pixel input {input} does not take pictures of [{string.Join(", ", expected.Select(x => x < 0 ? "?" : $"{x}"))}], "
                + "which the preprocessing gives";
    }

    /// <summary>The longer side of a page of 1 : √2 with so many pixels.</summary>
    protected static int LongSideOfPage(long pixels) => (int)Math.Ceiling(Math.Sqrt(pixels * Math.Sqrt(2)));

    /// <summary>A grid of equal boxes over <paramref name="area"/>, row by row.</summary>
    protected static IEnumerable<Place> Grid(Place area, int rows, int columns)
    {
        float X(int column) => area.Left + ((area.Right - area.Left) * column / columns);
        float Y(int row) => area.Top + ((area.Bottom - area.Top) * row / rows);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                yield return new Place(X(column), Y(row), X(column + 1), Y(row + 1));
            }
        }
    }
}
