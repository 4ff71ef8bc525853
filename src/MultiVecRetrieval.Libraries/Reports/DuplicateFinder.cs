using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>Makes the report on duplicates of one generation of a collection.</summary>
internal sealed class DuplicateFinder(
    Snapshot snapshot, ModelShelf models, DuplicateRequest request, IProgress<ReportProgress>? progress,
    CancellationToken cancellationToken)
{
    // Of a video that repeats another one less is missing than a frame or two and a title.
    private const double WholeVideo = 0.9;

    private readonly List<string> _notices = [];

    public DuplicateReport Run()
    {
        EntryReader reader = new(snapshot, request.Filter, cancellationToken);
        IReadOnlyList<ReportEntry> entries = reader.Read();
        List<DuplicateGroup> exact = FindExact(entries);
        DuplicateReport report = new()
        {
            DocumentCount = reader.DocumentCount,
            ExactGroupCount = exact.Count,
            ExactSizeInBytes = exact.Sum(GetSizeOfOthers),
            Exact =
            [
                .. exact.OrderByDescending(GetSizeOfOthers).ThenBy(group => group.Keep.Key, StringComparer.Ordinal).Take(request.Limit),
            ],
        };
        ReportEntry[] different = LeaveOutCopies(entries);
        IReadOnlyList<CopySpace> spaces = request.NearDuplicates || request.Segments
            ? CopySpace.Choose(snapshot.Spaces, models, request.MinSimilarity, _notices)
            : [];
        ReportEntry[] videos = [.. different.Where(entry => entry.Entry.MediaType == MediaType.Video)];
        IReadOnlyList<CopiedSegment> segments = (request.NearDuplicates || request.Segments) && videos.Length > 1
            ? new VideoCopies(snapshot, spaces, progress, cancellationToken).FindAll(videos)
            : [];
        if (request.NearDuplicates)
        {
            report = AddNear(report, different, videos, spaces, segments);
        }

        return report with
        {
            SegmentCount = request.Segments ? segments.Count : 0,
            Segments = request.Segments ? [.. segments.Take(request.Limit)] : [],
            Notices = _notices,
        };
    }

    private static long GetSizeOfOthers(DuplicateGroup group) => group.Others.Sum(other => other.SizeInBytes);

    // Copies of a document are told of once, not once a page.
    private static List<DuplicateGroup> FindExact(IReadOnlyList<ReportEntry> entries)
    {
        List<DuplicateGroup> groups = [];
        foreach (IGrouping<string, ReportEntry> same in entries.DistinctBy(entry => entry.Document.Key)
            .GroupBy(entry => entry.Document.ContentHash, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            ReportEntry[] ordered = [.. same.Select(entry => entry with { Key = entry.Document.Key }).Order(KeepRule.Instance)];
            groups.Add(KeepRule.ToGroup(ordered[0], ordered[1..], [.. ordered[1..].Select(copy => copy.ToMember(1, "content"))]));
        }

        return groups;
    }

    // Of exact copies the one to keep, so that they do not come again as near ones.
    private static ReportEntry[] LeaveOutCopies(IReadOnlyList<ReportEntry> entries)
    {
        Dictionary<string, string> kept = entries.DistinctBy(entry => entry.Document.Key)
            .GroupBy(entry => entry.Document.ContentHash, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Order(KeepRule.Instance).First().Document.Key, StringComparer.Ordinal);
        return [.. entries.Where(entry => kept[entry.Document.ContentHash] == entry.Document.Key)];
    }

    private DuplicateReport AddNear(
        DuplicateReport report, ReportEntry[] different, ReportEntry[] videos, IReadOnlyList<CopySpace> spaces,
        IReadOnlyList<CopiedSegment> segments)
    {
        ReportEntry[] pictures =
        [
            .. different.Where(entry => entry.Entry.MediaType is MediaType.Image or MediaType.Page).Order(KeepRule.Instance),
        ];
        CopyIndex index = CopyIndex.Read(
            snapshot, pictures, spaces, new ReportStage(progress, "reading", pictures.Length), cancellationToken);
        IReadOnlyList<SimilarGroup> groups = LeaderGrouping.Group(
            pictures.Length, index.FindCandidates, index.GetMargin, threshold: 0,
            new ReportStage(progress, "comparing", pictures.Length), cancellationToken);
        List<DuplicateGroup> near =
        [
            .. groups.Select(group => KeepRule.ToGroup(
                pictures[group.Leader],
                [.. group.Members.Select(member => pictures[member.Item])],
                [.. group.Members.Select(member => ToMember(index.Compare(group.Leader, member.Item), pictures[member.Item]))])),
            .. GroupVideos(videos, segments),
        ];
        return report with
        {
            NearGroupCount = near.Count,
            Near = [.. near.OrderByDescending(group => group.Others.Count).ThenBy(group => group.Keep.Key, StringComparer.Ordinal)
                .Take(request.Limit)],
            ComparedBy = [.. index.Describe()],
        };
    }

    private static DuplicateMember ToMember(CopyFinding found, ReportEntry entry) => entry.ToMember(found.Similarity, found.Source);

    // Videos that share nearly all of their time are copies as a whole.
    private IEnumerable<DuplicateGroup> GroupVideos(ReportEntry[] videos, IReadOnlyList<CopiedSegment> segments)
    {
        ReportEntry[] ordered = [.. videos.Order(KeepRule.Instance)];
        Dictionary<string, int> numbers = Enumerable.Range(0, ordered.Length).ToDictionary(i => ordered[i].Key, StringComparer.Ordinal);
        Dictionary<(int, int), double> shares = [];
        foreach (IGrouping<(string First, string Second), CopiedSegment> pair in segments
            .GroupBy(segment => (segment.FirstKey, segment.SecondKey)))
        {
            (int first, int second) = (numbers[pair.Key.First], numbers[pair.Key.Second]);
            shares[(Math.Min(first, second), Math.Max(first, second))] = Math.Min(
                GetShare(pair.Select(segment => segment.First), ordered[first]),
                GetShare(pair.Select(segment => segment.Second), ordered[second]));
        }

        IReadOnlyList<SimilarGroup> groups = LeaderGrouping.Group(
            ordered.Length, video => [.. shares.Keys.Where(pair => pair.Item1 == video).Select(pair => pair.Item2)],
            (a, b) => shares.GetValueOrDefault((a, b)), WholeVideo, cancellationToken: cancellationToken);
        return groups.Select(group => KeepRule.ToGroup(
            ordered[group.Leader], [.. group.Members.Select(member => ordered[member.Item])],
            [.. group.Members.Select(member => ordered[member.Item].ToMember(member.Similarity, "segments"))]));
    }

    // The share of a video that spans cover together.
    private static double GetShare(IEnumerable<Moment> spans, ReportEntry video)
    {
        (double covered, double end) = (0, double.NegativeInfinity);
        foreach (Moment span in spans.OrderBy(span => span.StartSeconds))
        {
            covered += Math.Max(0, span.EndSeconds - Math.Max(end, span.StartSeconds));
            end = Math.Max(end, span.EndSeconds);
        }

        return Math.Min(1, covered / Math.Max(1e-3, video.Entry.DurationSeconds ?? double.PositiveInfinity));
    }
}
