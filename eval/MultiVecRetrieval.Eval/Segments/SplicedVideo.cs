using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Eval.Segments;

/// <summary>A video spliced of shots.</summary>
/// <param name="Shots">Each with its length in seconds.</param>
internal sealed record SplicedVideo(IReadOnlyList<SplicedShot> Shots)
{
    public double Seconds => Shots.Sum(shot => shot.Seconds);

    /// <summary>The frame at a time.</summary>
    public RgbImage Take(double time)
    {
        foreach (SplicedShot shot in Shots)
        {
            if (time < shot.Seconds)
            {
                return shot.Shot.Take(shot.StartSeconds + (time * shot.Speed));
            }

            time -= shot.Seconds;
        }

        SplicedShot last = Shots[^1];
        return last.Shot.Take(last.StartSeconds + (last.Seconds * last.Speed));
    }

    /// <summary>A part of it that runs so many times as fast.</summary>
    public IReadOnlyList<SplicedShot> Cut(double start, double end, double speed)
    {
        List<SplicedShot> parts = [];
        double at = 0;
        foreach (SplicedShot shot in Shots)
        {
            double from = Math.Max(0, start - at);
            double to = Math.Min(shot.Seconds, end - at);
            if (to > from)
            {
                parts.Add(new SplicedShot(shot.Shot, (to - from) / speed, shot.StartSeconds + (from * shot.Speed), shot.Speed * speed));
            }

            at += shot.Seconds;
        }

        return parts;
    }
}
