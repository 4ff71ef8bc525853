namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>
/// A graph that reads ink (gray, 1 - pixel/255) of any size and gives a unit vector and a saliency per cell of a grid.
/// </summary>
internal sealed record InkGridDescription
{
    /// <summary>Name of the saliency output, [batch, gridRows, gridColumns], in [0, 1].</summary>
    public string SaliencyOutput { get; init; } = "saliency";

    /// <summary>Width of a cell in pixels.</summary>
    public int CellWidth { get; init; } = 16;

    /// <summary>Height of a cell in pixels.</summary>
    public int CellHeight { get; init; } = 8;

    /// <summary>Width and height are padded with 0 to multiples of this many pixels.</summary>
    public int SizeMultiple { get; init; } = 16;

    /// <summary>Cells above this saliency are kept. In [0, 1).</summary>
    public float KeepSaliency { get; init; } = 0.5f;

    /// <summary>Neighbouring cells above this cosine are one word. In (0, 1].</summary>
    public float MergeCosine { get; init; } = 0.9f;

    /// <summary>
    /// Ladders of ascending longer sides at which a picture that is no page is read; the rows of all its scales are merged. A picture
    /// takes the ladder with the highest top that it reaches, else the one with the lowest: a scanned page is read as large as a page.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> PictureLongSides { get; init; } = [];

    /// <summary>A picture is enlarged at most by this factor to reach a longer side.</summary>
    public float MaxEnlargement { get; init; } = 2;

    /// <summary>Rows of pixels encoded at a time; a multiple of <see cref="SizeMultiple"/>. 0 encodes the whole at once.</summary>
    public int BandHeight { get; init; }

    /// <summary>
    /// Pixels by which a band reaches into its neighbours; a multiple of <see cref="SizeMultiple"/>, at least the radius of what a
    /// cell sees, so that the bands give what the whole would.
    /// </summary>
    public int BandOverlap { get; init; }

    /// <exception cref="ModelFormatException">A value is out of range.</exception>
    public void Validate(string folder)
    {
        Check(CellWidth is >= 1 and <= 1024 && CellHeight is >= 1 and <= 1024, "cellWidth and cellHeight are in [1, 1024]");
        Check(SizeMultiple >= 1 && SizeMultiple % CellWidth == 0 && SizeMultiple % CellHeight == 0,
            "sizeMultiple is a multiple of the cell");
        Check(KeepSaliency is >= 0 and < 1, "keepSaliency is in [0, 1)");
        Check(MergeCosine is > 0 and <= 1, "mergeCosine is in (0, 1]");
        Check(PictureLongSides.All(ladder => ladder.Count > 0 && ladder.All(side => side is >= 16 and <= 16384)),
            "pictureLongSides are lists of sides in [16, 16384]");
        Check(MaxEnlargement is >= 1 and <= 16, "maxEnlargement is in [1, 16]");
        Check(BandHeight >= 0 && BandHeight % SizeMultiple == 0, "bandHeight is a multiple of sizeMultiple");
        Check(BandOverlap >= 0 && BandOverlap % SizeMultiple == 0, "bandOverlap is a multiple of sizeMultiple");

        void Check(bool isValid, string rule)
        {
            if (!isValid)
            {
                throw new ModelFormatException(folder, $"{EncoderDescription.FileName}, vision.inkGrid: {rule}.");
            }
        }
    }
}
