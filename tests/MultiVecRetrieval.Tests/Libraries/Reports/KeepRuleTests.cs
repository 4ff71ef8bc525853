using MultiVecRetrieval.Libraries.Reports;

namespace MultiVecRetrieval.Tests.Libraries.Reports;

/// <summary>Each rule decides where those before it do not, and the group says which did.</summary>
public sealed class KeepRuleTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ToGroup_LargerPicture_IsKeptThoughItIsNewerAndMoreCompressed() => AssertKept(
        KeepReason.Resolution, "the largest, 200 x 100; the next has 100 x 100",
        Entry("b", 200, 100, 1_000, Day.AddDays(9)), Entry("a", 100, 100, 9_000, Day));

    [Fact]
    public void ToGroup_SameSize_LeastCompressedIsKept() => AssertKept(
        KeepReason.LeastCompressed, "the least compressed of 100 x 100: 7.20 bits per pixel; the next has 0.80",
        Entry("b", 100, 100, 9_000, Day.AddDays(9)), Entry("a", 100, 100, 1_000, Day), Entry("c", 50, 100, 90_000, Day));

    [Fact]
    public void ToGroup_LargerJpegOfAPng_IsNotKept() => AssertKept(
        KeepReason.Lossless, "stored without loss (image/png); the next is image/jpeg",
        Entry("a.png", 100, 100, 1_000, Day.AddDays(9)), Entry("a.jpg", 100, 100, 9_000, Day));

    [Fact]
    public void ToGroup_SameBytes_OldestIsKept() => AssertKept(
        KeepReason.Oldest, "the oldest file, 2026-01-01; the next is of 2026-01-10",
        Entry("longer", 100, 100, 1_000, Day), Entry("a", 100, 100, 1_000, Day.AddDays(9)));

    [Fact]
    public void ToGroup_SameDay_SaysTheTime() => AssertKept(
        KeepReason.Oldest, "the oldest file, 2026-01-01 00:00:00.000; the next is of 2026-01-01 00:00:05.000",
        Entry("longer", 100, 100, 1_000, Day), Entry("a", 100, 100, 1_000, Day.AddSeconds(5)));

    [Fact]
    public void ToGroup_SameTime_ShortestPathIsKept()
    {
        AssertKept(KeepReason.ShortestPath, "the shortest path; nothing else tells them apart",
            Entry("z", 100, 100, 1_000, Day), Entry("a/copy", 100, 100, 1_000, Day));
        AssertKept(KeepReason.ShortestPath, "the shortest path; nothing else tells them apart",
            Entry("a", 100, 100, 1_000, Day), Entry("b", 100, 100, 1_000, Day));
    }

    private static void AssertKept(KeepReason reason, string explanation, params ReportEntry[] entries)
    {
        ReportEntry[] ordered = [.. entries.Reverse().Order(KeepRule.Instance)];
        DuplicateGroup group = KeepRule.ToGroup(ordered[0], ordered[1..], []);

        Assert.Equal(entries[0].Key, group.Keep.Key);
        Assert.Equal((reason, explanation), (group.Reason, group.Explanation));
    }

    private static ReportEntry Entry(string key, int width, int height, long size, DateTimeOffset modified) => new(
        key, new Entry { Key = key, DocumentKey = key, MediaType = MediaType.Image, Width = width, Height = height },
        new ReportDocument(key, MediaType.Image, key, "/x/" + key, size, modified, 1, key.EndsWith("png", StringComparison.Ordinal) ? "image/png" : "image/jpeg"));
}
