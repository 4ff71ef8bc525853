using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>Qwen-VL embedders that take a video as one input, end to end: patches of 2 × 2 pixels and two frames, 2 × 2 patches a
/// token.</summary>
public class VideoModelTests
{
    private const string Vlm2Vec = """{ "model_type": "qwen2_vl" }""";
    private const string Qwen25 = """{ "model_type": "qwen2_5_vl", "vision_config": { "tokens_per_second": 2 } }""";
    private const string Qwen3 = """{ "model_type": "qwen3_vl" }""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EncodeVideo_EveryFrameItsOwnGray_IsOneRowOfAllInTheirOrder(bool hasOwnGraph)
    {
        using PlantedPictures planted = PlantedPictures.CreateVideos(Vlm2Vec, hasOwnGraph);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        Assert.Equal((8, false), (model.Contract.VideoFrameCount, model.Contract.IsMultiVector));

        MultiVector row = model.EncodeVideo(Clip(16, 8, seconds: 4), TestContext.Current.CancellationToken);

        Assert.Equal([new Place(0, 0, 1, 1, 0, 4)], row.Places.ToArray());
        Assert.Equal(["."], PlantedPictures.TokensOf(row));
        float[] fed = PlantedPictures.Undo(row.Row(0));
        Assert.Equal([4, 4, 8], Round(fed, PlantedPictures.VideoGrid));

        // Channel by channel the first and the second frame of the first group, then of the last.
        Assert.Equal([.. Enumerable.Repeat(new[] { Gray(0), Gray(1) }, 3).SelectMany(pair => pair)], fed[13..19], Near);
        Assert.Equal([.. Enumerable.Repeat(new[] { Gray(6), Gray(7) }, 3).SelectMany(pair => pair)], fed[19..25], Near);
    }

    [Theory] // Configuration; where what follows the video begins. Behind it stand the 8 tokens of the instruction.
    [InlineData(Vlm2Vec, 4)] // 4 groups of 2 x 4 tokens: the largest of 4, 2 and 4.
    [InlineData(Qwen25, 7)] // A group lasts 1 s, which is 2 steps: the last one stands at 6.
    public void EncodeVideo_OneStretch_CountsTimeUpGroupByGroup(string configuration, int next)
    {
        using PlantedPictures planted = PlantedPictures.CreateVideos(configuration);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector row = model.EncodeVideo(Clip(16, 8, seconds: 4), TestContext.Current.CancellationToken);

        Assert.Equal(
            Enumerable.Repeat(next + 8 - 1, 3), Round(PlantedPictures.Undo(row.Row(0)), PlantedPictures.VideoPositions));
    }

    [Fact]
    public void EncodeVideo_TimestampedFamily_PutsEveryGroupBetweenMarks()
    {
        using PlantedPictures planted = PlantedPictures.CreateVideos(Qwen3);
        planted.Write("encoder.json", """{ "video": { "minFrameTokens": 4, "maxFrameTokens": 64 } }""");
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector row = model.EncodeVideo(Clip(16, 8, seconds: 4), TestContext.Current.CancellationToken);

        // Each group is a picture of 2 x 4 tokens of its own, behind a time of six tokens and a mark: 6 + 1 + 4 + 1 positions.
        // Around them stand <|im_start|> system \n represent the user ' s input . <|im_end|> \n <|im_start|> user \n, 15 tokens, and
        // <|im_end|> \n <|im_start|> assistant \n, 5.
        Assert.Equal(["\n"], PlantedPictures.TokensOf(row));
        Assert.Equal(
            Enumerable.Repeat(15 + (4 * 12) + 5 - 1, 3), Round(PlantedPictures.Undo(row.Row(0)), PlantedPictures.VideoPositions));
    }

    [Fact]
    public void Encode_OtherSidesOfTheGraph_AreFedAnEmptyVideo()
    {
        using PlantedPictures planted = PlantedPictures.CreateVideos(Vlm2Vec);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector picture = model.EncodeImage(PlantedEncoder.Plain(20, 12, (10, 20, 30)), TestContext.Current.CancellationToken);
        EncodedText text = model.EncodeText("red", TestContext.Current.CancellationToken);
        MultiVector video = model.EncodeVideo(Clip(16, 8, seconds: 4), TestContext.Current.CancellationToken);

        Assert.Equal([1, 6, 10, 1, 2, 2, 0, 0, 0], Round(PlantedPictures.Undo(picture.Row(0)), PlantedPictures.Side, 9));
        Assert.Equal([1, 2, 2, 1, 2, 2, 0, 0, 0], Round(PlantedPictures.Undo(text.Rows.Row(0)), PlantedPictures.Side, 9));
        Assert.Equal([1, 2, 2, 4, 4, 8], Round(PlantedPictures.Undo(video.Row(0)), PlantedPictures.Side, 6));
    }

    [Fact]
    public void Load_ModelThatDoesNotSayThatItTakesVideos_TakesNone()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(Vlm2Vec);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        Assert.Equal(0, model.Contract.VideoFrameCount);
        Assert.Contains(
            "takes no videos",
            Assert.Throws<NotSupportedException>(
                () => model.EncodeVideo(Clip(16, 8, seconds: 4), TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "video": { "frames": 4 } }""", 4)]
    [InlineData("""{ "video": { "prompt": "<|video_pad|> find" } }""", 8)]
    [InlineData("""{ "video": { "maxFrameTokens": 4 } }""", 8)]
    public void Load_VideoSideOfItsOwn_IsPartOfTheSpace(string description, int frames)
    {
        using PlantedPictures planted = PlantedPictures.CreateVideos(Vlm2Vec);
        ModelContract plain = EncoderModel.Inspect(planted.Folder);
        planted.Write("encoder.json", description);

        ModelContract changed = EncoderModel.Inspect(planted.Folder);

        Assert.Equal(frames, changed.VideoFrameCount);
        Assert.NotEqual(plain.SpaceId, changed.SpaceId);
    }

    [Theory]
    [InlineData(Vlm2Vec, """{ "video": { "frames": 1 } }""", "video.frames is 1")]
    [InlineData(Vlm2Vec, """{ "video": { "maxFrameTokens": 0 } }""", "video.maxFrameTokens is 0")]
    [InlineData(Vlm2Vec, """{ "video": { "prompt": "watch" } }""", "does not hold <|video_pad|> once")]
    [InlineData(Vlm2Vec, """{ "family": "gme" }""", "video.prompt")]
    [InlineData(Vlm2Vec, """{ "vision": { "pooling": "rows" }, "text": { "pooling": "rows" } }""", "a video is one vector")]
    public void Load_WrongVideoSide_NamesTheMember(string configuration, string description, string named)
    {
        using PlantedPictures planted = PlantedPictures.CreateVideos(configuration);
        planted.Write("encoder.json", description);

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Folder));

        Assert.Contains(named, exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_VideoWithoutAGraph_SaysWhatIsMissing()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches(Vlm2Vec);
        planted.Write("encoder.json", """{ "video": { "frames": 8 } }""");

        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Folder));

        Assert.Contains("no graph takes one", exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 1)]
    public void EncodeVideo_SpanThatDoesNotRunForward_IsRefused(double start, double end)
    {
        using PlantedPictures planted = PlantedPictures.CreateVideos(Vlm2Vec);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        VideoClip clip = Clip(16, 8, seconds: 4) with { StartSeconds = start, EndSeconds = end };

        Assert.Throws<ArgumentException>(() => model.EncodeVideo(clip, TestContext.Current.CancellationToken));
    }

    // Eight frames from the middles of equal parts, each of its own gray.
    private static VideoClip Clip(int width, int height, double seconds) => new()
    {
        Frames = [.. Enumerable.Range(0, 8).Select(i => PlantedEncoder.Plain(width, height, (Level(i), Level(i), Level(i))))],
        TimesSeconds = [.. Enumerable.Range(0, 8).Select(i => (i + 0.5) * seconds / 8)],
        EndSeconds = seconds,
    };

    private static byte Level(int frame) => (byte)(20 + (25 * frame));

    // As it is after normalisation with mean and deviation of a half.
    private static float Gray(int frame) => (Level(frame) / 127.5f) - 1;

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) < 1e-3f;

    private static int[] Round(float[] values, int start, int count = 3) =>
        [.. values[start..(start + count)].Select(value => (int)MathF.Round(value))];
}
