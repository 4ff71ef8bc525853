using MultiVecRetrieval.Tests.Ingestion;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Libraries.Reports;

/// <summary>Films that ffmpeg draws, cut together so that it is known what they share: seconds 5 to 17 of one stand in the other from 4
/// on.</summary>
public sealed class CopiedSegmentTests : IDisposable
{
    private const string Size = "s=192x144:r=10";

    // Scenes that differ, and move.
    private static readonly string[] Scenes =
    [
        $"testsrc2={Size}", $"mandelbrot={Size}:start_scale=0.6:end_scale=0.02", $"life={Size}:mold=10:ratio=0.3:seed=7:life_color=#00ff88:death_color=#331100",
        $"gradients={Size}:seed=3:n=4:speed=0.2", $"cellauto={Size}:rule=110:seed=5", $"smptehdbars={Size}", $"sierpinski={Size}:seed=9",
    ];

    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task FindCopiedSegments_RecompressedScaledAndFaster_AreFoundByPictures()
    {
        WriteFilm();
        WriteOther("plain.mp4", "null", speed: 1, "-crf", "20");
        WriteOther("small.mp4", "scale=96:72", speed: 1, "-crf", "36");
        WriteOther("fast.mp4", "null", speed: 1.25, "-crf", "28");
        _sample.Index(request => request with { Models = ["photos-alike"] });

        AssertSegment(await FindAsync("film.mp4", "plain.mp4"), speed: 1);
        AssertSegment(await FindAsync("film.mp4", "small.mp4"), speed: 1);
        AssertSegment(await FindAsync("film.mp4", "fast.mp4"), speed: 1.25);

        DuplicateReport report = await _sample.Library.Reports.FindDuplicatesAsync(
            SampleLibrary.Collection, cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(["plain.mp4", "small.mp4", "fast.mp4"], other => Assert.Contains(
            report.Segments, segment => segment is { FirstKey: "film.mp4" } or { SecondKey: "film.mp4" }
                && (segment.FirstKey == other || segment.SecondKey == other)));

        // The others are the same cut but for their compression.
        DuplicateGroup group = Assert.Single(report.Near);
        Assert.Equal(["plain.mp4", "small.mp4"], [group.Keep.Key, .. group.Others.Select(member => member.Key).Where(key => key != "fast.mp4")]);
        Assert.All(group.Others, member => Assert.Equal("segments", member.Source));
    }

    [Fact]
    public async Task FindCopiedSegments_NoModelOfPictures_GoesByFingerprints()
    {
        WriteFilm();
        WriteOther("plain.mp4", "null", speed: 1, "-crf", "28");
        Write("unrelated.mp4", $"[0:v]trim=duration=9[a]", Scenes[5]);
        _sample.Index();

        AssertSegment(await FindAsync("film.mp4", "plain.mp4"), speed: 1, within: 4.5);
        Assert.Empty(await FindAsync("film.mp4", "unrelated.mp4"));
    }

    [Fact]
    public async Task FindCopiedSegments_NoVideoOrTheSame_IsRefused()
    {
        Write("a.mp4", "[0:v]trim=duration=2[a]", Scenes[0]);
        _sample.WritePicture("b.png");
        _sample.Index();

        await Assert.ThrowsAsync<InvalidQueryException>(() => FindAsync("a.mp4", "b.png"));
        await Assert.ThrowsAsync<InvalidQueryException>(() => FindAsync("a.mp4", "a.mp4"));
        await Assert.ThrowsAsync<EntryNotFoundException>(() => FindAsync("a.mp4", "c.mp4"));
    }

    private Task<IReadOnlyList<CopiedSegment>> FindAsync(string first, string second) => _sample.Library.Reports.FindCopiedSegmentsAsync(
        SampleLibrary.Collection, first, second, TestContext.Current.CancellationToken);

    // Frames are a second apart, so that each end is right to about one; hashes of moving patterns may lose a few at an end.
    private static void AssertSegment(IReadOnlyList<CopiedSegment> found, double speed, double within = 2)
    {
        CopiedSegment segment = Assert.Single(found);
        Assert.InRange(segment.First.StartSeconds, 5 - within, 5 + within);
        Assert.InRange(segment.First.EndSeconds, 17 - within, 17 + within);
        Assert.InRange(segment.Second.StartSeconds, 4 - within, 4 + within);
        Assert.InRange(segment.Second.EndSeconds, 4 + (12 / speed) - within, 4 + (12 / speed) + within);
    }

    // Five scenes of four seconds and a half.
    private void WriteFilm() => Write(
        "film.mp4",
        string.Join(';', Enumerable.Range(0, 5).Select(i => $"[{i}:v]trim=duration=4.5,setpts=PTS-STARTPTS[s{i}]"))
            + ";[s0][s1][s2][s3][s4]concat=n=5[a]",
        Scenes[..5]);

    // Another scene, seconds 5 to 17 of the film, and one more.
    private void WriteOther(string name, string filter, double speed, params string[] encoding)
    {
        VideoFixture.Create(
            _sample.PathOf(name),
            [
                "-i", _sample.PathOf("film.mp4"), "-f", "lavfi", "-i", Scenes[5], "-f", "lavfi", "-i", Scenes[6], "-filter_complex",
                FormattableString.Invariant($"[1:v]trim=duration=4,setpts=PTS-STARTPTS,fps=10,format=yuv420p,setsar=1[b];[0:v]trim=5:17,setpts=(PTS-STARTPTS)/{speed},fps=10,format=yuv420p,setsar=1[c];[2:v]trim=duration=5,setpts=PTS-STARTPTS,fps=10,format=yuv420p,setsar=1[d];[b][c][d]concat=n=3,{filter}[a]"),
                "-map", "[a]", .. encoding,
            ]);
    }

    private void Write(string name, string graph, params string[] scenes) => VideoFixture.Create(
        _sample.PathOf(name),
        [.. scenes.SelectMany(scene => (string[])["-f", "lavfi", "-i", scene]), "-filter_complex", graph, "-map", "[a]", "-pix_fmt", "yuv420p", "-crf", "18"]);
}
