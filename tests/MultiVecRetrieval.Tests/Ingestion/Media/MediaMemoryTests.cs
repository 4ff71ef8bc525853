using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

/// <summary>Measures the memory of the process, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(MediaMemoryTests), DisableParallelization = true)]
[Collection(nameof(MediaMemoryTests))]
public sealed class MediaMemoryTests
{
    private static readonly ImageDecoder Images = new(new MediaLimits());

    [Fact]
    public void Decode_PngBomb_IsRefusedFromTheHeader()
    {
        byte[] bomb = PictureSource.PngFromPacked(14000, 14000, 8, 2, HostileCorpus.PackZeros(14000L * 42001));
        ImageDecoder decoder = new(new MediaLimits { MaxImagePixels = 100_000_000 });
        long before = ReadResidentBytes();
        // Makes the peak start again from here (proc(5)).
        File.WriteAllText("/proc/self/clear_refs", "5");

        MediaException error = Assert.Throws<MediaException>(() => decoder.Decode(bomb));

        Assert.Equal("media:maxImagePixels", error.Setting);
        Assert.InRange(ReadPeakBytes() - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public void Decode_ThousandsOfPictures_MemoryStaysBounded()
    {
        byte[] good = PictureSource.Save(PictureSource.Gradient(160, 120), "jpegsave_buffer");
        byte[] turned = PictureSource.WithOrientation(good, 6);
        byte[] gray = PictureSource.Png(64, 64, 16, 0, new byte[64 * 64 * 2]);
        byte[] bad = good[..(good.Length / 2)];
        for (int i = 0; i < 200; i++)
        {
            DecodeAll();
        }

        long before = ReadResidentBytes();
        for (int i = 0; i < 800; i++)
        {
            DecodeAll();
        }

        // A picture of 57,600 bytes left behind each time would be 46 MB.
        Assert.InRange(ReadResidentBytes() - before, long.MinValue, 24 << 20);

        void DecodeAll()
        {
            _ = Images.Decode(good);
            _ = Images.Decode(turned);
            _ = Images.Decode(gray);
            Assert.Throws<MediaException>(() => Images.Decode(bad));
            _ = Images.EncodeJpeg(new RgbImage(2, 1, [1, 2, 3, 4, 5, 6]), 2);
        }
    }

    private static long ReadResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }

    // VmHWM:     12345 kB
    private static long ReadPeakBytes()
    {
        string line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
