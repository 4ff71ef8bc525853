using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Speech;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>
/// What is said in videos, written down by a Whisper model in a program of its own. The model is one that says the same words every two
/// seconds, so that the whole way from the sound to the moments is run and what comes out is known.
/// </summary>
public sealed class SpeechTests : IDisposable
{
    private const string Said = "the harbour master counts ships";

    private static readonly byte[] Model = WhisperModelSource.Says(Said, seconds: 2);

    private readonly SampleLibrary _sample = new();
    private readonly TemporaryFolder _models = new();

    [Fact]
    public void Index_VideoWithSound_IsFoundByWhatIsSaidAtItsMoment()
    {
        UseModel();
        WriteVideo("film.mkv", hasSound: true);

        IndexReport report = _sample.Index(request => request with { Models = ["words-only", "minilm"] });
        IndexReport again = _sample.Index();

        Assert.Equal((1, 0, 0), (report.Indexed, report.Partial.Count, report.Notices.Count));
        Assert.Equal((1, null), (again.Unchanged, _sample.Source("film.mkv").Reason));
        TextLayer text = _sample.Opened.Entries.GetText("film.mkv")!;
        Assert.Equal(string.Join('\n', Enumerable.Repeat(Said, 3)), text.Text);
        Assert.Equal([(0f, 2f), (2f, 4f), (4f, 5f)],
            text.Words.Select(word => (word.Place.StartSeconds, MathF.Round(word.Place.EndSeconds, 1))).Distinct());
        Document film = _sample.Opened.Documents.Get("film.mkv")!;
        Assert.Equal((MetadataValue)"ggml-harbour", film.Metadata["transcribedBy"]);
        Assert.Equal(MetadataValue.List(["en"]), film.Metadata["subtitleLanguages"]);

        SearchHit hit = _sample.Search(query => query with { Text = "counting", Using = SearchSide.Text }).Hits.Single();
        Assert.Equal((0f, 2f), (hit.Matches[0].Place.StartSeconds, hit.Matches[0].Place.EndSeconds));
        SearchHit meant = _sample.Search(query => query with { Text = "boats are being tallied in the port" }).Hits[0];
        Assert.Contains(meant.Sources, source => source.Name == "vectors:minilm");
        Assert.True(meant.Matches[0].Place.HasSpan);
    }

    [Fact]
    public void Index_SubtitlesOrNoSound_IsNotListenedTo()
    {
        UseModel();
        WriteVideo("spoken.mkv", hasSound: true);
        File.WriteAllText(_sample.PathOf("spoken.srt"), "1\n00:00:01,000 --> 00:00:02,500\nGood night.\n");
        WriteVideo("mute.mkv", hasSound: false);

        IndexReport report = _sample.Index();

        Assert.Empty(report.Partial);
        Assert.Equal("Good night.", _sample.Opened.Entries.GetText("spoken.mkv")!.Text);
        Assert.False(_sample.Opened.Documents.Get("spoken.mkv")!.Metadata.ContainsKey("transcribedBy"));
        Assert.Null(_sample.Opened.Entries.GetText("mute.mkv"));
        Assert.Equal("ggml-harbour", _sample.Opened.Documents.Get("mute.mkv")!.Metadata["transcribedBy"].Value);
        Assert.Empty(_sample.Search("harbour", SearchSide.Text));
        Assert.Null(_sample.Source("mute.mkv").Reason);
    }

    [Fact]
    public void Index_ModelNamedLater_ListensToWhatIsThereAndKeepsItsCaption()
    {
        WriteVideo("film.mkv", hasSound: true);
        File.WriteAllText(_sample.PathOf("film.txt"), "Our trip to the lighthouse");
        _sample.Index(request => request with { Models = ["words-only", "minilm"] });
        IReadOnlyList<string> before = _sample.Search("harbour", SearchSide.Text);

        UseModel();
        IndexReport report = _sample.Index();

        Assert.Empty(before);
        Assert.Equal((0, 1), (report.Indexed, report.Unchanged));
        Assert.Equal(["film.mkv"], _sample.Search("harbour", SearchSide.Text));
        Assert.Equal(["film.mkv"], _sample.Search("lighthouse", SearchSide.Text));
        Assert.StartsWith("Our trip to the lighthouse\n\nthe harbour", _sample.Opened.Entries.GetText("film.mkv")!.Text, StringComparison.Ordinal);
        Assert.True(_sample.Opened.Entries.GetVectors("film.mkv", "minilm")!.RowCount >= 2);
        Assert.True(_sample.Opened.Entries.GetVectors("film.mkv", "page-words")!.RowCount > 0);

        // A new space has the meaning of what was heard, and nobody listens again.
        _sample.Index(request => request with { Models = ["photos"] });
        Assert.Equal("ggml-harbour", _sample.Opened.Documents.Get("film.mkv")!.Metadata["transcribedBy"].Value);
        Assert.Equal(["film.mkv"], _sample.Search("harbour", SearchSide.Text));
    }

    [Fact]
    public void Index_Cancelled_LeavesTheVideoWaitingAndTheNextRunGoesOn()
    {
        using TemporaryFolder tools = new();
        WriteProgram(tools, $"touch '{tools.PathOf("runs")}'; sleep 300");
        _sample.Reopen(options => options with { SpeechModel = WriteModel(Model), ToolFolder = tools });
        WriteVideo("film.mkv", hasSound: true);
        using CancellationTokenSource source = new();

        Assert.Throws<IndexCanceledException>(() => _sample.Library.IndexAsync(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_sample.Sources], Models = ["words-only"] },
            new Canceller(tools.PathOf("runs"), source), source.Token).GetAwaiter().GetResult());

        Assert.Equal((SourceState.Indexed, WaitState.Speech), (_sample.Source("film.mkv").State, _sample.Source("film.mkv").Reason));
        UseModel();
        Assert.Equal(1, _sample.Index().Unchanged);
        Assert.Equal(["film.mkv"], _sample.Search("harbour", SearchSide.Text));
    }

    [Theory]
    [InlineData("kill -11 $$", "signal 11")]
    [InlineData("echo 'no ears' >&2; exit 1", "no ears")]
    [InlineData("echo nonsense", "cannot be read")]
    public void Index_ProgramFails_KeepsTheVideoAndSaysWhy(string behaviour, string reason)
    {
        using TemporaryFolder tools = new();
        WriteProgram(tools, behaviour);
        _sample.Reopen(options => options with { SpeechModel = _models.Write("ggml-other.bin", Model), ToolFolder = tools });
        WriteVideo("film.mkv", hasSound: true);

        FailedFile problem = Assert.Single(_sample.Index().Partial);
        IndexReport again = _sample.Index();

        Assert.StartsWith("what is said in it could not be written down by ggml-other: ", problem.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Equal((SourceState.Indexed, problem.Reason), (_sample.Source("film.mkv").State, _sample.Source("film.mkv").Reason));
        Assert.Equal((1, 1, 0), (again.Unchanged, again.Partial.Count, again.Notices.Count));
        Assert.Equal(["film.mkv"], _sample.Keys());

        // Another model may do better, and then nothing is left to say.
        UseModel();
        Assert.Empty(_sample.Index().Partial);
        Assert.Null(_sample.Source("film.mkv").Reason);
        Assert.Equal(["film.mkv"], _sample.Search("harbour", SearchSide.Text));
    }

    [Fact]
    public void Index_ModelThatCrashesItsReader_CostsTheRunNothing()
    {
        _sample.Reopen(options => options with { SpeechModel = WriteModel(WhisperModelSource.Says(Said, seconds: 2, isHalf: false)) });
        WriteVideo("film.mkv", hasSound: true);

        FailedFile problem = Assert.Single(_sample.Index().Partial);

        // SIGABRT.
        Assert.Contains("signal 6", problem.Reason, StringComparison.Ordinal);
        Assert.Equal(["film.mkv"], _sample.Keys());
    }

    [Fact]
    public void Index_ModelCutOff_IsSaidOnceAndTheVideosWait()
    {
        _sample.Reopen(options => options with { SpeechModel = WriteModel(Model[..(Model.Length / 2)]) });
        WriteVideo("a.mkv", hasSound: true);
        WriteVideo("b.mkv", hasSound: true, pitch: 500);

        IndexReport report = _sample.Index();

        string notice = Assert.Single(report.Notices);
        Assert.StartsWith("What is said in 2 videos was not written down. The model ", notice, StringComparison.Ordinal);
        Assert.Equal((2, 0), (report.Indexed, report.Partial.Count));
        Assert.Equal(WaitState.Speech, _sample.Source("a.mkv").Reason);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("PK no model", "no Whisper model")]
    public void Index_NoModel_IsRefusedBeforeAnythingIsRead(string? content, string reason)
    {
        string path = _models.PathOf("other.bin");
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        _sample.Reopen(options => options with { SpeechModel = path });
        WriteVideo("film.mkv", hasSound: true);

        InvalidSettingException refused = Assert.Throws<InvalidSettingException>(() => _sample.Index());

        Assert.Contains("speechModel", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.False(_sample.Library.CollectionExists(SampleLibrary.Collection));
    }

    [Fact]
    public void Parts_LongSound_AreCutWhereItIsQuietAndLoseNothing()
    {
        // Seven seconds of noise with two quiet places, in parts of three seconds at most, of which the last one and a half are searched.
        const int Rate = SoundParts.Rate;
        Random random = new(Seed: 5);
        short[] samples = [.. Enumerable.Range(0, 7 * Rate).Select(i =>
            i / (Rate / 5) is 9 or 22 ? (short)0 : (short)random.Next(-9000, 9000))];
        byte[] bytes = new byte[samples.Length * 2];
        Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);

        List<float[]> parts = [.. new SoundParts(new MemoryStream(bytes), maxSeconds: 3, searchSeconds: 2).Read()];

        Assert.Equal(samples.Select(sample => sample / 32768f), parts.SelectMany(part => part));
        Assert.All(parts, part => Assert.InRange(part.Length, 1, 3 * Rate));
        // 1.8 to 2.0 s and 4.4 to 4.6 s are quiet.
        Assert.InRange(parts[0].Length, 1.8 * Rate, 2.0 * Rate);
        Assert.InRange(parts[0].Length + parts[1].Length, 4.4 * Rate, 4.6 * Rate);
    }

    public void Dispose()
    {
        _sample.Dispose();
        _models.Dispose();
    }

    private string WriteModel(byte[] model) => _models.Write("ggml-harbour.bin", model);

    private void UseModel() => _sample.Reopen(options => options with { SpeechModel = WriteModel(Model) });

    private void WriteVideo(string name, bool hasSound, int pitch = 440)
    {
        string[] sound = hasSound ? ["-f", "lavfi", "-i", $"sine=frequency={pitch}:duration=5", "-c:a", "pcm_s16le"] : [];
        VideoFixture.Create(_sample.PathOf(name), ["-f", "lavfi", "-i", "testsrc=duration=5:size=64x48:rate=5", .. sound]);
    }

    private static void WriteProgram(TemporaryFolder folder, string behaviour)
    {
        string script = folder.Write("script", System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\n{behaviour}\n"));
        using System.Diagnostics.Process install =
            System.Diagnostics.Process.Start("install", ["-m", "755", script, folder.PathOf("mvr-speech")]);
        install.WaitForExit();
    }

    // Cancels once the program runs.
    private sealed class Canceller(string mark, CancellationTokenSource source) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            if (value.VideosToHear == 1 && File.Exists(mark))
            {
                source.Cancel();
            }
        }
    }
}
