using MultiVecRetrieval.Eval.Benchmarks.Formats;

namespace MultiVecRetrieval.Eval.Benchmarks.Media;

/// <summary>Reads which text belongs to which video, from the files of each benchmark.</summary>
internal static class VideoCaptions
{
    /// <summary>MSR-VTT 1k-A: <c>MSRVTT_JSFUSION_test.csv</c> with the columns key, vid_key, video_id, sentence.</summary>
    public static IEnumerable<CaptionedVideo> ReadMsrVtt(SuiteRequest request) =>
        Group(DelimitedTable.Read(request.RequireAny("MSRVTT_JSFUSION_test.csv", "msrvtt_data/MSRVTT_JSFUSION_test.csv"), ',')
            .Select(row => (row.Id("video_id"), row.Id("sentence"))));

    /// <summary>MSVD: <c>AllVideoDescriptions.txt</c>, <c>CLIP caption</c> a line, and <c>test_list.txt</c>, a clip a line; or
    /// <c>msvd.jsonl</c> with the columns video_id and caption.</summary>
    public static IEnumerable<CaptionedVideo> ReadMsvd(SuiteRequest request)
    {
        if (File.Exists(Path.Combine(request.Root, "msvd.jsonl")))
        {
            return [.. JsonTable.ReadLines(request.Require("msvd.jsonl")).Select(row => new CaptionedVideo(row.Id("video_id"), row.List("caption")))];
        }

        HashSet<string> test = [.. File.ReadLines(request.Require($"{request.Split ?? "test"}_list.txt")).Select(line => line.Trim())];
        return Group(File.ReadLines(request.Require("AllVideoDescriptions.txt"))
            .Where(line => !line.StartsWith('#')).Select(line => line.Trim().Split(' ', 2)).Where(pair => pair.Length == 2
                && test.Contains(pair[0]))
            .Select(pair => (pair[0], pair[1])));
    }

    /// <summary>DiDeMo: <c>test_data.json</c>, a list of video and description; all that is said of a video is one text.</summary>
    public static IEnumerable<CaptionedVideo> ReadDidemo(SuiteRequest request) =>
        Group(JsonTable.ReadList(request.Require($"{request.Split ?? "test"}_data.json")).Select(row => (row.Id("video"), row.Id("description"))))
            .Select(video => video with { Id = Path.GetFileNameWithoutExtension(video.Id), Captions = [string.Join(' ', video.Captions)] });

    /// <summary>VATEX: a list of videoID and enCap.</summary>
    public static IEnumerable<CaptionedVideo> ReadVatex(SuiteRequest request) =>
        JsonTable.ReadList(request.RequireAny(
                "vatex_public_test_english_v1.1.json", $"vatex_{request.Split ?? "validation"}_v1.0.json", "vatex_test.json"))
            .Select(row => new CaptionedVideo(row.Id("videoID"), row.List("enCap")));

    /// <summary>ActivityNet Captions as paragraphs: <c>val_1.json</c>; all sentences of a video are one text.</summary>
    public static IEnumerable<CaptionedVideo> ReadActivityNet(SuiteRequest request)
    {
        using System.Text.Json.JsonDocument document = JsonTable.Parse(request.Require($"{request.Split ?? "val_1"}.json"));
        return
        [
            .. document.RootElement.EnumerateObject().Select(video => new CaptionedVideo(
                video.Name,
                [string.Join(' ', video.Value.GetProperty("sentences").EnumerateArray().Select(sentence => sentence.GetString()!.Trim()))])),
        ];
    }

    private static IEnumerable<CaptionedVideo> Group(IEnumerable<(string Video, string Text)> captions) =>
        captions.GroupBy(caption => caption.Video, caption => caption.Text).Select(group => new CaptionedVideo(group.Key, [.. group]));
}
