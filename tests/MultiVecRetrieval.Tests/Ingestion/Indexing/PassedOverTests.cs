using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Files that hold more than one picture, or none that is read: all of it is indexed, or the ledger says what is not.</summary>
public sealed class PassedOverTests
{
    [Fact]
    public async Task Index_TiffOfThreePages_HasThreePagesWithPicturesOfTheirOwn()
    {
        using SampleLibrary sample = new();
        sample.Write("fax.tif", PictureSource.Save(SampleLibrary.Blocks(64, 192, seed: 1), "tiffsave_buffer", ("page-height", "64")));

        IndexReport report = sample.Index();

        Assert.Equal((1, 3), (report.Indexed, report.EntriesAdded));
        Assert.Equal(["fax.tif#page=1", "fax.tif#page=2", "fax.tif#page=3"], sample.Keys());
        byte[][] pictures =
            await Task.WhenAll(sample.Keys().Select(key => sample.Library.GetPictureAsync(SampleLibrary.Collection, key, 64)));
        Assert.NotEqual(pictures[0], pictures[1]);
        Assert.NotEqual(pictures[1], pictures[2]);
        Assert.Equal((64, 64), (sample.Opened.Entries.Get("fax.tif#page=3")!.Width, sample.Opened.Entries.Get("fax.tif#page=3")!.Height));
    }

    [Theory]
    [InlineData("a.m4a")]
    [InlineData("a.mka")]
    public void Index_SoundWithoutPictures_IsExcludedInEveryRun(string name)
    {
        using SampleLibrary sample = new();
        VideoFixture.Create(sample.PathOf(name), "-f", "lavfi", "-i", "sine=d=1");

        IndexReport report = sample.Index();
        IndexReport again = sample.Index();

        Assert.Empty(report.Failed);
        Assert.Equal((1, 1), (report.Excluded, again.Excluded));
        Assert.Equal(SourceState.Excluded, sample.Source(name).State);
        Assert.StartsWith("unsupported type", sample.Source(name).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.pdf", "<html>not found</html>")]
    [InlineData("b.JPG", "just text")]
    [InlineData("c.mp4", "\0\u0001\u0002")]
    [InlineData("d.png", "")]
    public void Index_ContentThatIsNotWhatTheNameSays_FailsInEveryRun(string name, string content)
    {
        using SampleLibrary sample = new();
        sample.Write(name, System.Text.Encoding.UTF8.GetBytes(content));

        IndexReport report = sample.Index();
        IndexReport again = sample.Index();

        Assert.Equal(sample.PathOf(name), Assert.Single(report.Failed).Path);
        Assert.Equal(sample.PathOf(name), Assert.Single(again.Failed).Path);
        Assert.Equal((0, 0), (report.Excluded, report.Unsupported.Count));
        sample.AssertComplete();
    }

    [Fact]
    public void Index_TypesThatAreNotRead_AreCountedByExtensionInEveryRun()
    {
        using SampleLibrary sample = new();
        sample.Write("a.py", "one"u8.ToArray());
        sample.Write("sub/B.PY", "two"u8.ToArray());
        sample.Write("Makefile", "three"u8.ToArray());
        sample.Write("photo.heic", [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8]);
        sample.Write("left-out.py", "four"u8.ToArray());
        VideoFixture.Create(sample.PathOf("sound.mp4"), "-f", "lavfi", "-i", "sine=d=1");

        IndexReport report = sample.Index(request => request with { Exclude = ["left-out.*"] });
        IndexReport again = sample.Index(request => request with { Exclude = ["left-out.*"] });

        ExtensionCount[] expected = [new(".py", 2), new("", 1), new(".heic", 1), new(".mp4", 1)];
        Assert.Empty(report.Failed);
        Assert.Equal(6, report.Excluded);
        Assert.Equal(expected, report.Unsupported);
        Assert.Equal(expected, again.Unsupported);
    }

    [Fact]
    public void Index_RawPhoto_IsExcludedAsOne()
    {
        using SampleLibrary sample = new();
        sample.Write("a.dng", TiffDirectoriesTests.Tiff(true, [(254, 1), (330, 400)]));

        IndexReport report = sample.Index();

        Assert.Equal(1, report.Excluded);
        Assert.Contains("raw photo", sample.Source("a.dng").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_LongAnimation_SaysHowManyFramesWereLookedAt()
    {
        using SampleLibrary sample = new();
        sample.Write("a.gif", PictureSource.Save(SampleLibrary.Blocks(32, 320, seed: 2), "gifsave_buffer", ("page-height", "32")));

        IndexReport report = sample.Index();

        Assert.Contains("looked at 8 of the 10 frames", Assert.Single(report.Partial).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_SameSizeAndTimeWithOtherContent_IsSeen()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only Linux is asked for the time of change.");
            return;
        }

        using SampleLibrary sample = new();
        string path = WriteTwice(sample, whenFirstIsWritten: () => sample.Index());

        IndexReport seen = sample.Index();
        IndexReport again = sample.Index();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        IndexReport touched = sample.Index();

        Assert.Equal((1, 0), (seen.Indexed, seen.Unchanged));
        Assert.Equal((0, 1), (again.Indexed, again.Unchanged));
        Assert.Equal((0, 1), (touched.Indexed, touched.Unchanged));
    }

    [Fact]
    public void Index_SameSizeAndTimeWhereNoTimeOfChangeIsKept_IsSeenByRereading()
    {
        using SampleLibrary sample = new();
        WriteTwice(sample, whenFirstIsWritten: () =>
        {
            sample.Index();
            sample.Opened.Sources.Save([sample.Source("a.png") with { ChangedAt = null }]);
        });

        IndexReport passedOver = sample.Index();
        bool isKeptNow = sample.Source("a.png").ChangedAt is not null;
        IndexReport reread = sample.Index(request => request with { Reread = true });
        IndexReport again = sample.Index(request => request with { Reread = true });

        Assert.Equal((0, 1), (passedOver.Indexed, passedOver.Unchanged));
        Assert.Equal(OperatingSystem.IsLinux(), isKeptNow);
        Assert.Equal((1, 0), (reread.Indexed, reread.Unchanged));
        Assert.Equal((0, 1), (again.Indexed, again.Unchanged));
    }

    // Two pictures of the same size and time of modification under one name.
    private static string WriteTwice(SampleLibrary sample, Action whenFirstIsWritten)
    {
        byte[] first = SampleLibrary.Png(SampleLibrary.Blocks(64, 48, seed: 1));
        byte[] second = SampleLibrary.Png(SampleLibrary.Blocks(64, 48, seed: 2));
        int length = Math.Max(first.Length, second.Length);
        // What follows the end of a picture is no part of it, and makes both files equally long.
        string path = sample.Write("a.png", [.. first, .. new byte[length - first.Length]]);
        whenFirstIsWritten();
        DateTime time = File.GetLastWriteTimeUtc(path);
        sample.Write("a.png", [.. second, .. new byte[length - second.Length]]);
        File.SetLastWriteTimeUtc(path, time);
        return path;
    }
}
