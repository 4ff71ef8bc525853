using System.Globalization;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>
/// Which of several copies to keep: that of most pixels, because pixels do not come back; of as many one of a format without
/// loss; then the one of most bytes, which lost least; then the oldest file, which is the likelier original; then the shortest path, which
/// is the likelier home; then the first by name.
/// </summary>
internal sealed class KeepRule : IComparer<ReportEntry>
{
    public static KeepRule Instance { get; } = new();

    /// <summary>Below 0 when <paramref name="x"/> is to be kept rather than <paramref name="y"/>.</summary>
    public int Compare(ReportEntry? x, ReportEntry? y) => Compare(x!, y!, out _);

    /// <summary>The group of one to keep and the others, which were compared with it.</summary>
    public static DuplicateGroup ToGroup(ReportEntry keep, IReadOnlyList<ReportEntry> others, IReadOnlyList<DuplicateMember> members)
    {
        // The one that it is least ahead of decides: what it is ahead of by an earlier rule, that one is ahead of, too.
        ReportEntry next = others.Order(Instance).First();
        Compare(keep, next, out KeepReason reason);
        return new DuplicateGroup(keep.ToMember(), reason, Explain(keep, next, reason), members);
    }

    private static int Compare(ReportEntry x, ReportEntry y, out KeepReason reason)
    {
        reason = KeepReason.Resolution;
        if (x.PixelCount != y.PixelCount)
        {
            return y.PixelCount.CompareTo(x.PixelCount);
        }

        reason = KeepReason.Lossless;
        if (IsLossless(x) != IsLossless(y))
        {
            return IsLossless(x) ? -1 : 1;
        }

        reason = KeepReason.LeastCompressed;
        if (x.BytesPerPixel != y.BytesPerPixel)
        {
            return y.BytesPerPixel.CompareTo(x.BytesPerPixel);
        }

        reason = KeepReason.Oldest;
        if (x.Document.ModifiedAt != y.Document.ModifiedAt)
        {
            return x.Document.ModifiedAt.CompareTo(y.Document.ModifiedAt);
        }

        reason = KeepReason.ShortestPath;
        (string first, string second) = (x.Document.Path ?? x.Key, y.Document.Path ?? y.Key);
        return first.Length != second.Length ? first.Length.CompareTo(second.Length)
            : string.CompareOrdinal(first, second) is not 0 and var order ? order
            : (x.Entry.Page ?? 0).CompareTo(y.Entry.Page ?? 0);
    }

    // Of one day the time tells them apart.
    private static string Date(ReportEntry entry, ReportEntry other) => entry.Document.ModifiedAt.ToString(
        entry.Document.ModifiedAt.Date == other.Document.ModifiedAt.Date ? "yyyy-MM-dd HH:mm:ss.fff" : "yyyy-MM-dd",
        CultureInfo.InvariantCulture);

    // A JPEG made from a drawing may be larger than the PNG that it was made from.
    private static bool IsLossless(ReportEntry entry) =>
        entry.Document.ContentType is "image/png" or "image/bmp" or "image/tiff" or "image/gif";

    private static string Explain(ReportEntry keep, ReportEntry next, KeepReason reason)
    {
        string kept = $"{keep.Entry.Width} x {keep.Entry.Height}";
        return reason switch
        {
            KeepReason.Resolution => $"the largest, {kept}; the next has {next.Entry.Width} x {next.Entry.Height}",
            KeepReason.Lossless => $"stored without loss ({keep.Document.ContentType}); the next is {next.Document.ContentType}",
            KeepReason.LeastCompressed => string.Create(CultureInfo.InvariantCulture,
                $"the least compressed of {kept}: {8 * keep.BytesPerPixel:0.00} bits per pixel; the next has {8 * next.BytesPerPixel:0.00}"),
            KeepReason.Oldest => $"the oldest file, {Date(keep, next)}; the next is of {Date(next, keep)}",
            _ => "the shortest path; nothing else tells them apart",
        };
    }
}
