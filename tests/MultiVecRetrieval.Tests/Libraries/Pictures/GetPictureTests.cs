using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Pictures;

public sealed class GetPictureTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task GetPicture_FileGone_TheCachedOneIsServedAndAnotherSizeNamesThePath()
    {
        string path = _sample.WritePicture("a.png");
        _sample.Index();
        byte[] before = await _sample.Library.GetPictureAsync(SampleLibrary.Collection, "a.png", 32);
        File.Delete(path);

        Assert.Equal(before, await _sample.Library.GetPictureAsync(SampleLibrary.Collection, "a.png", 32));
        SourceMissingException error =
            await Assert.ThrowsAsync<SourceMissingException>(() => _sample.Library.GetPictureAsync(SampleLibrary.Collection, "a.png", 33));
        Assert.Equal(path, error.Path);
    }

    [Fact]
    public async Task GetPicture_FileChanged_IsRefusedButATouchedOneIsNot()
    {
        string path = _sample.WritePicture("a.png");
        _sample.Index();
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-3));
        Assert.NotEmpty(await _sample.Library.GetPictureAsync(SampleLibrary.Collection, "a.png", 32));
        _sample.WritePicture("a.png", width: 100);

        SourceMissingException error =
            await Assert.ThrowsAsync<SourceMissingException>(() => _sample.Library.GetPictureAsync(SampleLibrary.Collection, "a.png", 33));

        Assert.Contains("changed", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_MoreThanTheCap_DropsTheLeastRecentlyUsed()
    {
        using TemporaryFolder folder = new();
        FileCache cache = new(folder.PathOf("cache"), maxBytes: 1000);
        for (int i = 0; i < 20; i++)
        {
            cache.Keep($"{i}.jpg", new byte[100]);
            File.SetLastWriteTimeUtc(Path.Combine(folder.PathOf("cache"), $"{i}.jpg"), DateTime.UtcNow.AddMinutes(i - 100));
            // Used again and again, so never the least recently used.
            Assert.NotNull(await cache.ReadAsync("0.jpg", TestContext.Current.CancellationToken));
        }

        Assert.InRange(Directory.GetFiles(folder.PathOf("cache")).Length, 9, 11);
        Assert.NotNull(await cache.ReadAsync("0.jpg", TestContext.Current.CancellationToken));
        Assert.Null(await cache.ReadAsync("1.jpg", TestContext.Current.CancellationToken));
        Assert.NotNull(await cache.ReadAsync("19.jpg", TestContext.Current.CancellationToken));
    }
}
