using MultiVecRetrieval.Libraries.Pictures;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Pictures;

public sealed class GetPictureTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void GetPicture_FileGone_TheCachedOneIsServedAndAnotherSizeNamesThePath()
    {
        string path = _sample.WritePicture("a.png");
        _sample.Index();
        byte[] before = _sample.Library.GetPicture(SampleLibrary.Collection, "a.png", 32);
        File.Delete(path);

        Assert.Equal(before, _sample.Library.GetPicture(SampleLibrary.Collection, "a.png", 32));
        SourceMissingException error =
            Assert.Throws<SourceMissingException>(() => _sample.Library.GetPicture(SampleLibrary.Collection, "a.png", 33));
        Assert.Equal(path, error.Path);
    }

    [Fact]
    public void GetPicture_FileChanged_IsRefusedButATouchedOneIsNot()
    {
        string path = _sample.WritePicture("a.png");
        _sample.Index();
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-3));
        Assert.NotEmpty(_sample.Library.GetPicture(SampleLibrary.Collection, "a.png", 32));
        _sample.WritePicture("a.png", width: 100);

        SourceMissingException error =
            Assert.Throws<SourceMissingException>(() => _sample.Library.GetPicture(SampleLibrary.Collection, "a.png", 33));

        Assert.Contains("changed", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_MoreThanTheCap_DropsTheLeastRecentlyUsed()
    {
        using TemporaryFolder folder = new();
        PictureCache cache = new(folder.PathOf("cache"), maxBytes: 1000);
        for (int i = 0; i < 20; i++)
        {
            cache.Keep($"{i}.jpg", new byte[100]);
            File.SetLastWriteTimeUtc(Path.Combine(folder.PathOf("cache"), $"{i}.jpg"), DateTime.UtcNow.AddMinutes(i - 100));
            // Used again and again, so never the least recently used.
            Assert.NotNull(cache.Find("0.jpg"));
        }

        Assert.InRange(Directory.GetFiles(folder.PathOf("cache")).Length, 9, 11);
        Assert.NotNull(cache.Find("0.jpg"));
        Assert.Null(cache.Find("1.jpg"));
        Assert.NotNull(cache.Find("19.jpg"));
    }
}
