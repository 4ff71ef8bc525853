using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Encoding.Towers;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>Reads gray ink of any size and gives one row per printed word.</summary>
internal sealed class InkGridTower(OnnxSessions sessions, InkGridPlan plan) : ImageTower
{
    private readonly InkGridDescription _grid = plan.Grid;

    public override PreparedImage Prepare(RgbImage image, ImageRole role)
    {
        int longSide = Math.Max(image.Width, image.Height);
        bool isPage = role == ImageRole.Page || (role == ImageRole.Detect && longSide == plan.PageLongSide);
        List<GrayPlane> scales = [];
        IReadOnlyList<int> sides = isPage ? [plan.PageLongSide] : PictureScales.ChooseLadder(_grid.PictureLongSides, longSide);
        foreach (int side in PictureScales.Choose(sides, longSide, _grid.MaxEnlargement))
        {
            scales.Add(GrayPlane.From(Resize(image, side)));
        }

        return new PreparedInk(this, scales);
    }

    public override IReadOnlyList<MultiVector> Encode(IReadOnlyList<PreparedImage> images, CancellationToken cancellationToken)
    {
        MultiVector[] vectors = new MultiVector[images.Count];
        for (int i = 0; i < vectors.Length; i++)
        {
            List<ScaleWords> scales = [];
            foreach (GrayPlane plane in Own<PreparedInk>(images[i]).Scales)
            {
                InkGrid grid = EncodeGrid(plane, cancellationToken);
                scales.Add(new ScaleWords(plane, grid, CellMerger.Merge(grid, _grid.KeepSaliency, _grid.MergeCosine)));
            }

            vectors[i] = ScaleMerger.Merge(scales, _grid);
        }

        return vectors;
    }

    /// <summary>The vectors and saliencies of all cells of a plane, before anything is merged.</summary>
    internal InkGrid EncodeGrid(GrayPlane plane, CancellationToken cancellationToken)
    {
        int width = RoundUp(plane.Width);
        int height = RoundUp(plane.Height);
        int rows = height / _grid.CellHeight;
        int columns = width / _grid.CellWidth;
        float[] vectors = new float[rows * columns * plan.Dimension];
        float[] saliency = new float[rows * columns];
        foreach ((InkBand band, TensorFeed ink) in ReadBands(plane))
        {
            cancellationToken.ThrowIfCancellationRequested();
            FloatTensor[] outputs = sessions.Get(plan.Graph).Run([ink], [plan.Output, _grid.SaliencyOutput]);
            int skipped = (band.KeepTop - band.Top) / _grid.CellHeight * columns;
            int first = band.KeepTop / _grid.CellHeight * columns;
            int kept = band.KeepHeight / _grid.CellHeight * columns;
            outputs[0].Values.AsSpan(skipped * plan.Dimension, kept * plan.Dimension).CopyTo(vectors.AsSpan(first * plan.Dimension));
            outputs[1].Values.AsSpan(skipped, kept).CopyTo(saliency.AsSpan(first));
        }

        return new InkGrid(rows, columns, plan.Dimension, vectors, saliency);
    }

    /// <summary>The bands of a plane as the graph takes them, padded to whole cells.</summary>
    internal IEnumerable<(InkBand Band, TensorFeed Feed)> ReadBands(GrayPlane plane)
    {
        int width = RoundUp(plane.Width);
        foreach (InkBand band in InkBand.Split(RoundUp(plane.Height), _grid))
        {
            yield return (band, new TensorFeed(plan.Input, ReadInk(plane, band, width), 1, 1, band.Height, width));
        }
    }

    private static float[] ReadInk(GrayPlane plane, InkBand band, int width)
    {
        float[] ink = new float[band.Height * width];
        int end = Math.Min(band.Top + band.Height, plane.Height);
        for (int y = band.Top; y < end; y++)
        {
            ReadOnlySpan<byte> source = plane.Pixels.AsSpan(y * plane.Width, plane.Width);
            Span<float> target = ink.AsSpan((y - band.Top) * width, plane.Width);
            for (int x = 0; x < source.Length; x++)
            {
                target[x] = (255 - source[x]) / 255f;
            }
        }

        return ink;
    }

    private static RgbImage Resize(RgbImage image, int longSide)
    {
        double factor = (double)longSide / Math.Max(image.Width, image.Height);
        int width = Math.Max(1, (int)Math.Round(image.Width * factor));
        int height = Math.Max(1, (int)Math.Round(image.Height * factor));
        return width == image.Width && height == image.Height
            ? image
            : PillowResampler.Resize(image, width, height, ResampleFilter.Bicubic);
    }

    private int RoundUp(int length) => (length + _grid.SizeMultiple - 1) / _grid.SizeMultiple * _grid.SizeMultiple;
}
