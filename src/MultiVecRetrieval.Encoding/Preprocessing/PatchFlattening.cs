namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Flattens frames to patches in the order of Qwen-VL: block by block, and within a patch channel, frame, row, column.</summary>
/// <remarks>
/// With t groups of frames, h × w patches and blocks of m × m, the rows of the tensor run over (t, h/m, w/m, m, m) and the values of a
/// row over (channel, frame, y, x). Source: the Qwen2-VL image and video processors in transformers.
/// </remarks>
/// <param name="options">Sizes and normalisation.</param>
internal sealed class PatchFlattening(MergedPatchOptions options)
{
    private readonly PixelScale _scale = options.Scaling.CreateScale();

    /// <summary>Values of a patch.</summary>
    public int ValuesPerPatch => 3 * options.TemporalPatch * options.PatchSide * options.PatchSide;

    /// <summary>The patches of frames of one size, whose sides are whole patches; the last one fills up its group.</summary>
    public float[] Flatten(IReadOnlyList<RgbImage> frames)
    {
        (int rows, int columns, int merge) =
            (frames[0].Height / options.PatchSide, frames[0].Width / options.PatchSide, options.MergeSide);
        int groups = (frames.Count + options.TemporalPatch - 1) / options.TemporalPatch;
        float[] pixels = new float[(long)groups * rows * columns * ValuesPerPatch];
        int patch = 0;
        for (int first = 0; first < frames.Count; first += options.TemporalPatch)
        {
            for (int block = 0; block < rows / merge * (columns / merge); block++)
            {
                (int row, int column) = (block / (columns / merge) * merge, block % (columns / merge) * merge);
                for (int inBlock = 0; inBlock < merge * merge; inBlock++, patch++)
                {
                    CopyPatch(frames, first, column + (inBlock % merge), row + (inBlock / merge),
                        pixels.AsSpan(patch * ValuesPerPatch, ValuesPerPatch));
                }
            }
        }

        return pixels;
    }

    private void CopyPatch(IReadOnlyList<RgbImage> frames, int first, int column, int row, Span<float> target)
    {
        int side = options.PatchSide;
        int perFrame = side * side;
        for (int channel = 0; channel < 3; channel++)
        {
            float[] values = _scale[channel];
            Span<float> before = default;
            for (int inGroup = 0; inGroup < options.TemporalPatch; inGroup++)
            {
                Span<float> written = target.Slice(((channel * options.TemporalPatch) + inGroup) * perFrame, perFrame);
                if (first + inGroup >= frames.Count)
                {
                    before.CopyTo(written);
                    continue;
                }

                RgbImage frame = frames[first + inGroup];
                for (int y = 0, at = 0; y < side; y++)
                {
                    int source = (((((row * side) + y) * frame.Width) + (column * side)) * 3) + channel;
                    for (int x = 0; x < side; x++, source += 3)
                    {
                        written[at++] = values[frame.Pixels[source]];
                    }
                }

                before = written;
            }
        }
    }
}
