using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Segments;

/// <summary>A photograph that a camera moves over, as a function of time, so that two samplings of it take different frames of the same
/// shot.</summary>
internal sealed class CameraShot
{
    private readonly RgbImage _picture;
    private readonly double _phaseX;
    private readonly double _phaseY;
    private readonly double _phaseSize;

    public CameraShot(RgbImage picture, Random random)
    {
        _picture = picture;
        (_phaseX, _phaseY, _phaseSize) = (random.NextDouble(), random.NextDouble(), random.NextDouble());
    }

    /// <summary>The frame at a time of the shot, in seconds: a window of 55 to 95 % that goes back and forth in some 10 s.</summary>
    public RgbImage Take(double time)
    {
        double size = 0.75 + (0.2 * Math.Sin(2 * Math.PI * ((time / 13) + _phaseSize)));
        double x = 0.5 + (0.5 * Math.Sin(2 * Math.PI * ((time / 9) + _phaseX)));
        double y = 0.5 + (0.5 * Math.Sin(2 * Math.PI * ((time / 11) + _phaseY)));
        return _picture.Crop(new Place(
            (float)(x * (1 - size)), (float)(y * (1 - size)), (float)((x * (1 - size)) + size), (float)((y * (1 - size)) + size)));
    }
}
