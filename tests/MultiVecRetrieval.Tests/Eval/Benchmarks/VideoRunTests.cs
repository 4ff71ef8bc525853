using System.Diagnostics;
using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Moments;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

/// <summary>Benchmarks of videos, run from their files by an encoder of known geometry: two videos of two colours each.</summary>
public sealed class VideoRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RunOptions Options => new() { Models = [_model.Folder] };

    public void Dispose()
    {
        _folder.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task Run_CaptionsMomentsAndCopies_FindsWhatTheVideosShow()
    {
        Directory.CreateDirectory(_folder.PathOf("data/videos"));
        WriteVideo("data/videos/warm.mp4", "red", "yellow");
        WriteVideo("data/videos/cold.mp4", "blue", "green");
        WriteVideo("data/videos/same.mp4", "red", "yellow");

        await AssertCaptionsAsync();
        await AssertMomentsAsync();
        await AssertCopiesAsync();
    }

    private async Task AssertCaptionsAsync()
    {
        File.WriteAllText(
            _folder.PathOf("data/MSRVTT_JSFUSION_test.csv"), "key,vid_key,video_id,sentence\nret0,m0,warm,red\nret1,m1,cold,blue\nret2,m2,gone,white\n");
        ScoreSheet sheet = await RunAsync("msrvtt");

        // Of three videos one is not there.
        Assert.Equal(1, sheet.LeftOut);
        Assert.Equal(2 / 3.0, Mean(sheet, "hit@1"), precision: 12);
        Assert.Equal(2 / 3.0, Mean(sheet, "v2t hit@1"), precision: 12);
    }

    private async Task AssertMomentsAsync()
    {
        File.WriteAllText(_folder.PathOf("data/charades_sta_test.txt"), "warm 0 4##red\nwarm 4 8##yellow\n");
        MomentTask task = MomentSuite.All.Single(suite => suite.Name == "charades-sta").Read(new SuiteRequest(_folder.PathOf("data")));
        ScoreSheet sheet = await new MomentRunner(Options, _folder.PathOf("out"), _ => { }).RunAsync(task, Cancellation);

        Assert.Equal(1, Mean(sheet, "R@1 IoU=0.5"));
        string[] predictions = File.ReadAllLines(_folder.PathOf("out/Charades-STA/predictions.jsonl"));
        Assert.Equal(2, predictions.Length);
        // Nothing is asked again.
        ScoreSheet again = await new MomentRunner(Options, _folder.PathOf("out"), _ => { }).RunAsync(task, Cancellation);
        Assert.Equal(sheet.Measures, again.Measures);
        Assert.Equal(predictions, File.ReadAllLines(_folder.PathOf("out/Charades-STA/predictions.jsonl")));
    }

    private async Task AssertCopiesAsync()
    {
        File.WriteAllText(_folder.PathOf("data/annotation.json"), """{"warm": {"ND": ["same"], "IS": ["cold"]}}""");
        ScoreSheet sheet = await RunAsync("fivr");

        Assert.Equal(1, Mean(sheet, "DSVR mAP"));
        Assert.Equal(1, Mean(sheet, "ISVR mAP"));
    }

    private async Task<ScoreSheet> RunAsync(string suite)
    {
        SuiteRequest request = new(_folder.PathOf("data"));
        BenchmarkTask task = Assert.Single(await BenchmarkSuites.Find(suite).ReadAsync(request, Cancellation));
        return RunFiles.Write(await new BenchmarkRunner(Options, _folder.PathOf("out"), _ => { }).RunAsync(task, Cancellation));
    }

    private static double Mean(ScoreSheet sheet, string measure) => sheet.Measures.Single(score => score.Name == measure).Mean;

    // Four seconds of each colour.
    private void WriteVideo(string name, string first, string second)
    {
        using Process process = Process.Start("ffmpeg",
        [
            "-v", "error", "-y", "-f", "lavfi", "-i", $"color={first}:s=64x64:d=4:r=4", "-f", "lavfi", "-i", $"color={second}:s=64x64:d=4:r=4",
            "-filter_complex", "[0][1]concat=n=2", "-pix_fmt", "yuv420p", "-g", "4", _folder.PathOf(name),
        ]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
