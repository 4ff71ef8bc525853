using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class VideoReaderTests
{
    private static readonly VideoReader Reader = new(new MediaLimits());

    [Theory]
    [InlineData("mp4", MediaFormat.Mp4)]
    [InlineData("mkv", MediaFormat.Matroska)]
    [InlineData("avi", MediaFormat.Avi)]
    [InlineData("ts", MediaFormat.MpegTs)]
    [InlineData("mpg", MediaFormat.MpegPs)]
    [InlineData("ogv", MediaFormat.Ogg)]
    [InlineData("asf", MediaFormat.Asf)]
    [InlineData("flv", MediaFormat.Flv)]
    public void ReadFrames_EveryContainer_TilesTheVideo(string extension, MediaFormat format)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("video." + extension);
        VideoFixture.Create(path, "-f", "lavfi", "-i", "testsrc2=d=4:r=25:s=160x120", "-b:v", "800k");

        VideoInformation information = Reader.ReadInformation(path);
        VideoFrame[] frames = [.. Reader.ReadFrames(path, new FrameSampling { DuplicateDistance = 0 })];

        Assert.Equal(format, MediaSniffer.DetectFile(path));
        Assert.Equal((160, 120), (information.Width, information.Height));
        Assert.InRange(information.DurationSeconds, 3.9, 4.2);
        Assert.Equal([0.5, 1.5, 2.5, 3.5], frames.Select(frame => frame.TimeSeconds), Close(0.1));
        AssertTiles(frames, information.DurationSeconds);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(12.5)]
    [InlineData(60)]
    public void ReadFrames_GrayTellsTheTime_FrameIsFromItsTime(double framesPerSecond)
    {
        using TemporaryFolder folder = new();
        string path = VideoFixture.CreateClock(folder, framesPerSecond, seconds: 10);

        VideoFrame[] frames = [.. Reader.ReadFrames(path, new FrameSampling { DuplicateDistance = 0, FramesPerSecond = 2 })];

        Assert.Equal(20, frames.Length);
        double frameLength = 1 / Math.Min(framesPerSecond, 30);
        Assert.All(frames, frame => AssertClock(frame, frameLength));
        Assert.All(frames, frame => Assert.InRange(frame.TimeSeconds, frame.StartSeconds, frame.EndSeconds));
        AssertTiles(frames, 10);
    }

    [Fact]
    public void ReadFrames_ClockJumps_TheWholeRecordingIsRead()
    {
        using TemporaryFolder folder = new();
        string first = folder.PathOf("first.ts");
        string second = folder.PathOf("second.ts");
        string[] output = ["-c:v", "mpeg2video", "-f", "mpegts"];
        VideoFixture.Create(first, ["-f", "lavfi", "-i", "color=red:s=64x48:r=25:d=4", .. output]);
        VideoFixture.Create(second, ["-f", "lavfi", "-i", "color=blue:s=64x48:r=25:d=4", "-output_ts_offset", "7200", .. output]);
        string path = folder.Write("joined.ts", [.. File.ReadAllBytes(first), .. File.ReadAllBytes(second)]);

        VideoInformation information = Reader.ReadInformation(path);
        List<VideoFrame> frames = [.. Reader.ReadFrames(path, new FrameSampling())];

        Assert.InRange(information.DurationSeconds, 7, 9);
        Assert.InRange(frames[^1].StartSeconds, 3.5, 4.5);
        RgbImage late = Reader.ReadFrame(path, 6, 64);
        Assert.True(late.Pixels[2] > 200 && late.Pixels[0] < 60);
    }

    [Fact]
    public void ReadFrames_SizeChanges_EachPartIsReadOnceInItsOwnShape()
    {
        using TemporaryFolder folder = new();
        string wide = folder.PathOf("wide.ts");
        string tall = folder.PathOf("tall.ts");
        string[] output = ["-c:v", "libx264", "-f", "mpegts"];
        VideoFixture.Create(wide, ["-f", "lavfi", "-i", "color=red:s=64x48:r=25:d=4", .. output]);
        VideoFixture.Create(tall, ["-f", "lavfi", "-i", "color=blue:s=96x128:r=25:d=4", "-output_ts_offset", "4", .. output]);
        string path = folder.Write("joined.ts", [.. File.ReadAllBytes(wide), .. File.ReadAllBytes(tall)]);
        string? damage = null;
        VideoReader reader = new(new MediaLimits()) { Damage = (_, text) => damage = text };

        VideoFrame[] frames = [.. reader.ReadFrames(path, new FrameSampling { LongSideInPixels = 64 })];

        Assert.Equal([(64, 48), (48, 64)], frames.Select(frame => (frame.Image.Width, frame.Image.Height)));
        Assert.Equal(["red", "blue"], frames.Select(frame => VideoFixture.NameColor(frame.Image)));
        Assert.Equal([0, 4.0], frames.Select(frame => frame.StartSeconds), Close(0.1));
        AssertTiles(frames, 8);
        Assert.Null(damage);
        RgbImage late = reader.ReadFrame(path, 6, 64);
        Assert.Equal((48, 64, "blue"), (late.Width, late.Height, VideoFixture.NameColor(late)));
    }

    [Fact]
    public void ReadFrames_SecondTrackIsTheDefault_ItIsReadAndTheOtherIsNamed()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("two.mkv");
        VideoFixture.Create(path, "-f", "lavfi", "-i", "color=red:s=32x32:d=2", "-f", "lavfi", "-i", "color=blue:s=64x48:d=2",
            "-map", "0", "-map", "1", "-disposition:v:0", "0", "-disposition:v:1", "default", "-c:v", "ffv1");
        string? told = null;
        VideoReader reader = new(new MediaLimits()) { PassedOver = (_, what) => told = what };

        List<VideoFrame> frames = [.. reader.ReadFrames(path, new FrameSampling())];

        Assert.Equal((64, 48), (frames[0].Image.Width, frames[0].Image.Height));
        Assert.Contains("one of 2 video tracks, number 2", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "red")]
    [InlineData(1, "red")]
    [InlineData(2, "blue")]
    [InlineData(3, "red")] // There is none, so it is the one that players show.
    public void ReadFramesAndReadFrame_ChosenTrack_IsReadByBoth(int track, string color)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("lecture.mp4");
        VideoFixture.Create(path, "-f", "lavfi", "-i", "color=red:s=32x32:d=2", "-f", "lavfi", "-i", "color=blue:s=64x48:d=2",
            "-map", "0", "-map", "1", "-c:v", "libx264", "-qp", "0");
        VideoReader reader = new(new MediaLimits()) { Track = track };

        VideoFrame frame = reader.ReadFrames(path, new FrameSampling()).First();

        Assert.Equal(color, VideoFixture.NameColor(frame.Image));
        Assert.Equal(color, VideoFixture.NameColor(reader.ReadFrame(path, 1, 64)));
        Assert.Equal(color == "red" ? 32 : 64, reader.ReadInformation(path).Width);
    }

    [Fact]
    public void ReadFrames_ShotCuts_SpansEndAtTheCuts()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("cuts.mkv");
        // Shots of 2.4 s, 0.32 s (too short for a regular frame) and 1.28 s.
        VideoFixture.Create(path, "-f", "lavfi", "-i", "color=red:s=64x48:r=25:d=2.4", "-f", "lavfi", "-i",
            "color=lime:s=64x48:r=25:d=0.32",
            "-f", "lavfi", "-i", "color=blue:s=64x48:r=25:d=1.28", "-filter_complex", "[0][1][2]concat=n=3", "-c:v", "libx264", "-qp", "0");

        VideoFrame[] frames = [.. Reader.ReadFrames(path, new FrameSampling())];

        Assert.Equal([0, 2.4, 2.72], frames.Select(frame => frame.StartSeconds), Close(0.041));
        Assert.Equal(["red", "lime", "blue"], frames.Select(frame => VideoFixture.NameColor(frame.Image)));
        AssertTiles(frames, 4);
    }

    [Fact]
    public void ReadFrames_SlidesOfVariableLength_EachIsFoundWithItsSpan()
    {
        using TemporaryFolder folder = new();
        string path = VideoFixture.CreateSlides(folder);

        VideoFrame[] frames = [.. Reader.ReadFrames(path, new FrameSampling { FramesPerSecond = 0.25 })];

        Assert.Equal(["red", "blue"], frames.Select(frame => VideoFixture.NameColor(frame.Image)));
        Assert.Equal([0, 4.0], frames.Select(frame => frame.StartSeconds), Close(0.11));
        AssertTiles(frames, 10);
    }

    [Theory]
    [InlineData(0, "red")]
    [InlineData(2, "red")]
    [InlineData(3.9, "red")]
    [InlineData(4.1, "blue")]
    [InlineData(7, "blue")]
    [InlineData(10, "blue")]
    [InlineData(99, "blue")]
    public void ReadFrame_SlidesOfVariableLength_GivesTheOneOnShow(double time, string color)
    {
        using TemporaryFolder folder = new();
        string path = VideoFixture.CreateSlides(folder);

        RgbImage frame = Reader.ReadFrame(path, time, 32);

        Assert.Equal((32, 24), (frame.Width, frame.Height));
        Assert.Equal(color, VideoFixture.NameColor(frame));
    }

    [Fact]
    public void ReadFrames_StillScene_IsOneFrameWithTheWholeSpan()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("still.mp4");
        VideoFixture.Create(path, "-f", "lavfi", "-i", "testsrc2=d=1:r=1:s=160x120", "-vf", "loop=-1:1,fps=25,trim=duration=6", "-b:v",
            "400k");

        VideoFrame frame = Assert.Single(Reader.ReadFrames(path, new FrameSampling()));

        Assert.Equal((0, 6), (frame.StartSeconds, Math.Round(frame.EndSeconds, 1)));
    }

    [Fact]
    public void ReadFrames_RateZero_TakesMidpointsOfEqualSegments()
    {
        using TemporaryFolder folder = new();
        string path = VideoFixture.CreateClock(folder, 25, seconds: 8);

        VideoFrame[] frames =
            [.. Reader.ReadFrames(path, new FrameSampling { FramesPerSecond = 0, SegmentCount = 4, DuplicateDistance = 0 })];

        Assert.Equal([1, 3, 5, 7], frames.Select(frame => frame.TimeSeconds), Close(0.01));
        Assert.All(frames, frame => AssertClock(frame, frameLength: 0.04));
        AssertTiles(frames, 8);
    }

    [Fact]
    public void ReadFrames_MoreThanTheLimit_LooksLessOftenToTheEndAndSaysSo()
    {
        using TemporaryFolder folder = new();
        string path = VideoFixture.CreateClock(folder, 25, seconds: 16);
        List<string> notices = [];
        VideoReader reader = new(new MediaLimits { MaxFrames = 8 }) { Notice = (_, notice) => notices.Add(notice) };

        VideoFrame[] frames = [.. reader.ReadFrames(path, new FrameSampling { DuplicateDistance = 0, FramesPerSecond = 5 })];

        Assert.Equal(6, frames.Length);
        AssertTiles(frames, 16);
        Assert.Contains("media:maxFrames", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public void ReadFrame_RotatedVideo_IsUpright(int degrees)
    {
        using TemporaryFolder folder = new();
        string plain = folder.PathOf("plain.mp4");
        string path = folder.PathOf("rotated.mp4");
        // Left half red, right half blue.
        VideoFixture.Create(plain, "-f", "lavfi", "-i", "color=red:s=64x32:r=10:d=1", "-vf", "drawbox=x=32:w=32:h=32:c=blue:t=fill",
            "-c:v", "libx264", "-qp", "0");
        File.WriteAllBytes(path, VideoFixture.Rotate(File.ReadAllBytes(plain), degrees));

        VideoInformation information = Reader.ReadInformation(path);
        RgbImage frame = Reader.ReadFrame(path, 0.5, 64);

        Assert.Equal(degrees, information.RotationDegrees);
        Assert.Equal(degrees == 180 ? (64, 32) : (32, 64), (frame.Width, frame.Height));
        Assert.Equal((frame.Width, frame.Height), (information.Width, information.Height));
        // Clockwise: what was left is up at 90, right at 180, down at 270.
        bool startsRed = frame.Pixels[0] > 128;
        Assert.Equal(degrees == 90, startsRed);
    }

    [Fact]
    public void ReadInformation_FileWithoutLength_MeasuresIt()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("live.mkv");
        VideoFixture.Create(path, "-f", "lavfi", "-i", "testsrc2=d=3:r=25:s=64x48", "-f", "matroska", "-live", "1");

        Assert.Equal(3, Reader.ReadInformation(path).DurationSeconds, 0.1);
    }

    private static Func<double, double, bool> Close(double tolerance) => (a, b) => Math.Abs(a - b) <= tolerance;

    // Both roundings of the clock, to luma and from it, are downwards and less than a step of 1/21 s each.
    private static void AssertClock(VideoFrame frame, double frameLength) =>
        Assert.InRange(VideoFixture.ReadClock(frame.Image), frame.TimeSeconds - 0.1 - frameLength, frame.TimeSeconds + frameLength);

    private static void AssertTiles(VideoFrame[] frames, double duration)
    {
        Assert.Equal(0, frames[0].StartSeconds);
        Assert.Equal(duration, frames[^1].EndSeconds, 0.11);
        for (int i = 1; i < frames.Length; i++)
        {
            Assert.Equal(frames[i - 1].EndSeconds, frames[i].StartSeconds);
        }
    }
}
