namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Gives frames their spans. Regular frames stand in the middle of 1 / rate seconds; a shot cut ends a span wherever it
/// falls; a shot too short to hold a regular frame is shown by its first one. Spans tile [0, duration).
/// </summary>
/// <param name="rate">Regular frames per second, above 0.</param>
/// <param name="cutThreshold">Scene scores above this are cuts.</param>
/// <param name="duration">Length of the video in seconds.</param>
/// <param name="maxFrames">Frames given at most, as long as the video is no longer than it says.</param>
internal sealed class ShotSampler(double rate, double cutThreshold, double duration, int maxFrames)
{
    private readonly int _maxShortShots = Math.Max(0, maxFrames - (int)Math.Floor((rate * duration) + 0.5));
    private int _shortShots;
    private int _given;
    private int _shot;
    private long _slot;
    private double _start;
    private double _lastTime = double.NegativeInfinity;
    private bool _isRegular;
    private SampledPicture? _current;

    /// <summary>Cuts that a span was let cross because no more frames were allowed.</summary>
    public int IgnoredCutCount { get; private set; }

    /// <summary>Takes the next picture, which is the first one, regular, or the first after a cut.</summary>
    /// <returns>The frames whose spans are now known: none or one.</returns>
    /// <exception cref="MediaException">More regular frames than the length of the video accounts for.</exception>
    public IEnumerable<ShotFrame> Add(SampledPicture picture)
    {
        // Time may run backwards, as it does where recordings were joined; nothing is then read twice.
        if (picture.TimeSeconds <= _lastTime)
        {
            return [];
        }

        _lastTime = picture.TimeSeconds;
        long slot = (long)Math.Floor((picture.TimeSeconds * rate) + 0.5);
        bool isRegular = slot > _slot;
        _slot = Math.Max(slot, _slot);
        if (_current is null)
        {
            (_current, _isRegular) = (picture, isRegular);
            return [];
        }

        bool isCut = picture.SceneScore > cutThreshold;
        if (isCut && (_isRegular || IsShortShotAllowed(picture.TimeSeconds)))
        {
            _shortShots += _isRegular ? 0 : 1;
            ShotFrame closed = Close(picture.TimeSeconds);
            _shot++;
            (_current, _isRegular) = (picture, isRegular);
            return [closed];
        }

        IgnoredCutCount += isCut ? 1 : 0;
        if (!isRegular)
        {
            return [];
        }

        if (!_isRegular)
        {
            (_current, _isRegular) = (picture, true);
            return [];
        }

        ShotFrame frame = Close((_current.TimeSeconds + picture.TimeSeconds) / 2);
        _current = picture;
        return [frame];
    }

    /// <summary>Gives the last frame, whose span ends with the video.</summary>
    /// <exception cref="MediaException">There was no frame at all.</exception>
    public IEnumerable<ShotFrame> Complete()
    {
        if (_current is null)
        {
            throw new MediaException("The video has no frame that can be decoded.");
        }

        // A file may hold a little more than it says; the last frame is then shown for a moment beyond.
        return [Close(Math.Max(duration, _current.TimeSeconds + 0.001))];
    }

    // Short shots may use their share of frames as the video goes on, with some to spare, so that a hectic start leaves
    // enough for the rest.
    private bool IsShortShotAllowed(double time) =>
        _shortShots < _maxShortShots && _shortShots < 8 + (_maxShortShots * Math.Min(time / duration, 1));

    private ShotFrame Close(double end)
    {
        if (_given++ >= maxFrames)
        {
            throw new MediaException($"The video is longer than its header says, and has more than {maxFrames} frames to look at.",
                "media:maxFrames");
        }

        ShotFrame frame = new(_shot, new VideoFrame(_current!.Image, _current.TimeSeconds, _start, end));
        _start = end;
        return frame;
    }
}
