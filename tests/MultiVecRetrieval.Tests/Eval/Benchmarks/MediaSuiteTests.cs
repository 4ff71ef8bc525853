using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

public sealed class MediaSuiteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Karpathy_BothDirections_AskFiveCaptionsAndAnyOfThem()
    {
        Write("val2014/COCO_val2014_000000391895.jpg", "x");
        Write("dataset_coco.json", """
            {"images": [
              {"filepath": "val2014", "sentids": [1, 2, 3, 4, 5, 6], "filename": "COCO_val2014_000000391895.jpg", "imgid": 0, "split": "test",
               "sentences": [{"tokens": [], "raw": "A man.", "imgid": 0, "sentid": 770337}, {"raw": "b", "sentid": 2}, {"raw": "c", "sentid": 3},
                             {"raw": "d", "sentid": 4}, {"raw": "e", "sentid": 5}, {"raw": "f", "sentid": 6}]},
              {"filename": "COCO_val2014_000000000001.jpg", "imgid": 1, "split": "val", "sentences": [{"raw": "g", "sentid": 7}]}],
             "dataset": "coco"}
            """);

        IReadOnlyList<BenchmarkTask> tasks = Read("coco");

        Assert.Equal(["COCO5k-t2i", "COCO5k-i2t"], tasks.Select(task => task.Name));
        Assert.Equal(["A man.", "b", "c", "d", "e"], tasks[0].Queries.Select(query => query.Text));
        Assert.Equal(["0"], tasks[0].Judgements.Of("770337").Keys);
        Assert.Equal(5, tasks[1].Judgements.Of("0").Count);
        Assert.EndsWith("391895.jpg", Assert.Single(tasks[1].Queries).File, StringComparison.Ordinal);
        Assert.True(tasks[1].NeedsModelVectors);
    }

    [Theory]
    [InlineData("msrvtt", "MSRVTT_JSFUSION_test.csv", "key,vid_key,video_id,sentence\nret0,msr9770,v1,\"a, b\"\nret1,msr9771,v2,c\n", "v1/0=a, b;v2/0=c")]
    [InlineData("msvd", "AllVideoDescriptions.txt", "# a comment\n\nv1 first one\nv2 other\nv1 second one\nv3 train\n", "v1/0=first one;v1/1=second one;v2/0=other")]
    [InlineData("didemo", "test_data.json", """[{"video": "v1.mp4", "description": "a"}, {"video": "v2.mov", "description": "b"}, {"video": "v1.mp4", "description": "c"}]""", "v1/0=a c;v2/0=b")]
    [InlineData("vatex", "vatex_public_test_english_v1.1.json", """[{"videoID": "v1", "enCap": ["a", "b"]}]""", "v1/0=a;v1/1=b")]
    [InlineData("activitynet-paragraphs", "val_1.json", """{"v1": {"duration": 5, "timestamps": [[0, 1], [1, 2]], "sentences": ["A one.", " A two."]}}""", "v1/0=A one. A two.")]
    public void Videos_OfEachBenchmark_AreAskedByTheirCaptions(string suite, string file, string content, string expected)
    {
        Write(file, content);
        Write("test_list.txt", "v1\nv2\n");
        Write("videos/v1.mp4", "x");

        BenchmarkTask task = Assert.Single(Read(suite));

        Assert.Equal(expected, string.Join(';', task.Queries.Select(query => $"{query.Id}={query.Text}")));
        Assert.All(task.Queries, query => Assert.Equal([query.Id.Split('/')[0]], task.Judgements.Of(query.Id).Keys));
    }

    [Fact]
    public void ScoreVideos_SeveralCaptions_TakesTheBestOfEachVideo()
    {
        Dictionary<string, string> videoOf = new() { ["a/0"] = "a", ["a/1"] = "a", ["b/0"] = "b", ["c/0"] = "c" };
        RankedRun run = new();
        run.Add("a/0", "a", 0.2);
        run.Add("a/1", "a", 0.9);
        run.Add("b/0", "a", 0.5);
        run.Add("a/0", "b", 0.6);
        run.Add("b/0", "b", 0.4);
        run.Add("c/0", "b", 0.5);

        Dictionary<string, double> scores = VideoTask.ScoreVideos(run, videoOf).ToDictionary(score => score.Name, score => score.Mean);

        // a: 0.9 of its own before 0.5, rank 1. b: 0.4 of its own behind 0.6 and 0.5, rank 3. c was found by nothing: last of three.
        Assert.Equal(1 / 3.0, scores["v2t hit@1"], precision: 12);
        Assert.Equal(1, scores["v2t hit@5"]);
        Assert.Equal(7 / 3.0, scores["v2t rank"], precision: 12);
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        BenchmarkFormatException error = Assert.Throws<BenchmarkFormatException>(() => Read("msrvtt"));

        Assert.Contains("MSRVTT_JSFUSION_test.csv", error.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<BenchmarkTask> Read(string suite) =>
        BenchmarkSuites.Find(suite).ReadAsync(new SuiteRequest(_folder.FullName),
            TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
        File.WriteAllText(_folder.PathOf(name), content);
    }
}
