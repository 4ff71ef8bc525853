using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>Finds what videos share: first which of them have like frames, by codes of 64 bytes a frame, then where, by aligning
/// those.</summary>
internal sealed class VideoCopies
{
    // Of the frames that a segment needs one may look different at another moment of its second.
    private const int MinFrames = 2;

    private readonly Snapshot _snapshot;
    private readonly CopySpace? _space;
    private readonly IProgress<ReportProgress>? _progress;
    private readonly CancellationToken _cancellationToken;

    public VideoCopies(
        Snapshot snapshot, IReadOnlyList<CopySpace> spaces, IProgress<ReportProgress>? progress, CancellationToken cancellationToken)
    {
        _snapshot = snapshot;
        _space = spaces.FirstOrDefault(space => space.ComparesPictures);
        (_progress, _cancellationToken) = (progress, cancellationToken);
    }

    // Fingerprints alone have no scale of their own: what just counts as the same is half of a similarity.
    private double Threshold => _space?.FrameThreshold ?? 0.5;

    /// <summary>The segments that any two of the videos share, surest first.</summary>
    public IReadOnlyList<CopiedSegment> FindAll(IReadOnlyList<ReportEntry> videos)
    {
        ReportStage reading = new(_progress, "reading videos", videos.Count);
        FrameCodes[] codes = new FrameCodes[videos.Count];
        for (int i = 0; i < videos.Count; i++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            codes[i] = new FrameCodes(Read(videos[i].Key), _space?.Sketch);
            reading.Report(i + 1);
        }

        ReportStage comparing = new(_progress, "comparing videos", videos.Count);
        List<CopiedSegment> segments = [];
        for (int i = 0; i < videos.Count; i++)
        {
            int[] alike = FindAlike(codes, i);
            FrameTrack? first = alike.Length > 0 ? Read(videos[i].Key) : null;
            foreach (int other in alike)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                segments.AddRange(Align(videos[i].Key, first!, videos[other].Key, Read(videos[other].Key)));
            }

            comparing.Report(i + 1);
        }

        return Order(segments);
    }

    /// <summary>The segments that two videos share, surest first.</summary>
    public IReadOnlyList<CopiedSegment> Find(string first, string second) => Order(Align(first, Read(first), second, Read(second)));

    private static IReadOnlyList<CopiedSegment> Order(IEnumerable<CopiedSegment> segments) =>
    [
        .. segments.OrderByDescending(segment => segment.Score).ThenBy(segment => segment.FirstKey, StringComparer.Ordinal)
            .ThenBy(segment => segment.SecondKey, StringComparer.Ordinal).ThenBy(segment => segment.First.StartSeconds),
    ];

    private FrameTrack Read(string key) => FrameTrack.Read(_snapshot, key, _space?.Name);

    private IEnumerable<CopiedSegment> Align(string firstKey, FrameTrack first, string secondKey, FrameTrack second) =>
        SegmentAligner.Align(first.Spans, second.Spans, first.Compare(second, Threshold), new SegmentAlignment { Threshold = Threshold })
            .Select(found => new CopiedSegment(firstKey, found.First, secondKey, found.Second, found.Similarity, found.Score));

    // Videos behind this one with at least so many frames that are like one of it.
    private int[] FindAlike(FrameCodes[] codes, int video)
    {
        int radius = SignSketch.GetRadius(Threshold);
        bool[] isAlike = new bool[codes.Length];
        Parallel.For(video + 1, codes.Length, new ParallelOptions { CancellationToken = _cancellationToken },
            other => isAlike[other] = codes[other].HasAlike(codes[video], MinFrames, radius));
        return [.. Enumerable.Range(0, codes.Length).Where(other => isAlike[other])];
    }
}
