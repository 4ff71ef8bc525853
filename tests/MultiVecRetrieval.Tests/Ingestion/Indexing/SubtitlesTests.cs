using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>What is said in a video, from a file beside it and from a track inside it.</summary>
public sealed class SubtitlesTests : IDisposable
{
    private const string Said = "1\n00:00:01,000 --> 00:00:02,500\nThe harbour master counts ships.\n\n"
        + "2\n00:00:03,000 --> 00:00:04,000\nGood night.\n";

    private readonly SampleLibrary _sample = new();

    [Fact]
    public void Index_FileBeside_IsFoundByWordsAtTheirMoment()
    {
        WriteVideo("film.mkv", subtitles: null);
        File.WriteAllText(_sample.PathOf("film.en.srt"), Said);

        _sample.Index();

        AssertFound("film.mkv");
    }

    [Fact]
    public void Index_TrackInside_IsFoundByWordsAtTheirMoment()
    {
        string file = Path.Combine(Path.GetTempPath(), $"mvr-{Guid.NewGuid():N}.srt");
        File.WriteAllText(file, Said);
        WriteVideo("film.mkv", file);
        File.Delete(file);

        _sample.Index();

        AssertFound("film.mkv");
    }

    [Fact]
    public void Index_ByMeaning_FindsWhatIsSaidInOtherWords()
    {
        WriteVideo("film.mkv", subtitles: null);
        File.WriteAllText(_sample.PathOf("film.srt"), Said);

        _sample.Index(request => request with { Models = ["words-only", "minilm"] });

        SearchHit hit = _sample.Search(query => query with { Text = "boats are being tallied in the port" }).Hits[0];
        Assert.Contains(hit.Sources, source => source.Name == "vectors:minilm");
        Assert.True(hit.IsLikely);
        Assert.Contains("harbour master", hit.Passage!.Text, StringComparison.Ordinal);
        Assert.Contains(hit.Passage.Places, place => place is { StartSeconds: 1, EndSeconds: 2.5f });

        // What is said decides about the moment, not a frame whose letters look a little like a word of the question.
        Assert.Equal("vectors:minilm", hit.Matches[0].Source);
        Assert.True(hit.Matches[0].Place.HasSpan);
    }

    [Fact]
    public void Index_SeveralLanguagesBeside_AllAreFoundAndNamed()
    {
        WriteVideo("film.mkv", subtitles: null);
        File.WriteAllText(_sample.PathOf("film.en.srt"), Said);
        File.WriteAllText(_sample.PathOf("film.en.vtt"), "WEBVTT\n\n00:01.000 --> 00:02.000\nThe same once more.\n");
        File.WriteAllText(_sample.PathOf("film.de.srt"), "1\n00:00:01,000 --> 00:00:02,500\nDer Hafenmeister zählt Schiffe.\n");

        _sample.Index(request => request with { Models = ["words-only", "minilm"] });

        foreach (string word in (string[])["Hafenmeister", "harbour"])
        {
            SearchHit hit = _sample.Search(query => query with { Text = word, Using = SearchSide.Text }).Hits.Single();
            HitMatch match = Assert.Single(hit.Matches);
            Assert.Equal((1f, 2.5f), (match.Place.StartSeconds, match.Place.EndSeconds));
        }

        Assert.Equal(MetadataValue.List(["de", "en"]), _sample.Opened.Documents.Get("film.mkv")!.Metadata["subtitleLanguages"]);
        Assert.Equal(
            "Der Hafenmeister zählt Schiffe.\n\nThe harbour master counts ships.\nGood night.", _sample.Opened.Entries.GetText("film.mkv")!.Text);
        // A row a passage, and none of two languages.
        MultiVector rows = _sample.Opened.Entries.GetVectors("film.mkv", "minilm")!;
        Assert.Equal(2, rows.RowCount);
        Assert.Equal([(1f, 2.5f), (1f, 4f)], rows.Places.ToArray().Select(place => (place.StartSeconds, place.EndSeconds)));
    }

    [Fact]
    public void Index_SubtitlesThatCannotBeRead_KeepsTheVideoAndSaysSo()
    {
        WriteVideo("film.mkv", subtitles: null);
        File.WriteAllBytes(_sample.PathOf("film.srt"), new byte[(16 << 20) + 1]);

        _sample.Index();

        SourceFile source = _sample.Source("film.mkv");
        Assert.Equal(SourceState.Indexed, source.State);
        Assert.Contains("subtitles", source.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();

    private void AssertFound(string key)
    {
        SearchHit hit = _sample.Search(query => query with { Text = "counting", Using = SearchSide.Text }).Hits.Single();
        Assert.Equal(key, hit.Entry.Key);
        HitMatch match = Assert.Single(hit.Matches);
        Assert.Equal((1f, 2.5f), (match.Place.StartSeconds, match.Place.EndSeconds));
        Assert.Equal("The harbour master counts ships. Good night.", hit.Passage!.Text);
    }

    private void WriteVideo(string name, string? subtitles)
    {
        string[] track = subtitles is null ? [] : ["-i", subtitles, "-c:s", "srt"];
        VideoFixture.Create(_sample.PathOf(name), ["-f", "lavfi", "-i", "testsrc=duration=5:size=64x48:rate=5", .. track]);
    }
}
