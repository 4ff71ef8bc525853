using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Media;

/// <summary>
/// Captioned pictures in the splits of Karpathy, COCO 5k and Flickr30k 1k: <c>dataset_coco.json</c> or <c>dataset_flickr30k.json</c> and
/// the pictures below. Texts are asked for their picture, and pictures for any of their first five texts.
/// </summary>
/// <remarks>Source: Karpathy and Fei-Fei, Deep Visual-Semantic Alignments for Generating Image Descriptions, CVPR 2015.</remarks>
internal static class KarpathyReader
{
    private const int CaptionsOfPicture = 5;

    /// <summary>Reads both directions.</summary>
    /// <param name="request">The data.</param>
    /// <param name="name">What the benchmark is called.</param>
    /// <param name="file">Its file.</param>
    public static IReadOnlyList<BenchmarkTask> Read(SuiteRequest request, string name, string file)
    {
        string split = request.Split ?? "test";
        MediaFiles pictures = new(request.Root, ".jpg", ".jpeg", ".png");
        List<(string Id, string Path)> shown = [];
        List<(string Id, string Text)> captions = [];
        Judgements ofTexts = new(), ofPictures = new();
        using JsonDocument document = JsonTable.Parse(request.Require(file));
        foreach (JsonElement image in document.RootElement.GetProperty("images").EnumerateArray()
            .Where(image => image.GetProperty("split").GetString() == split))
        {
            string id = image.GetProperty("imgid").ToString();
            shown.Add((id, pictures.Of(Path.GetFileNameWithoutExtension(image.GetProperty("filename").GetString()!))));
            foreach (JsonElement sentence in image.GetProperty("sentences").EnumerateArray().Take(CaptionsOfPicture))
            {
                string caption = sentence.GetProperty("sentid").ToString();
                captions.Add((caption, sentence.GetProperty("raw").GetString()!));
                ofTexts.Add(caption, id, 1);
                ofPictures.Add(id, caption, 1);
            }
        }

        return
        [
            new BenchmarkTask
            {
                Name = $"{name}-t2i",
                Split = split,
                Corpus = _ => MediaFiles.ToItems(shown),
                Queries = [.. captions.Select(caption => new BenchmarkQuery(caption.Id) { Text = caption.Text })],
                Judgements = ofTexts,
                Measures = ["hit@1", "hit@5", "hit@10", "mrr", "rank"],
            },
            new BenchmarkTask
            {
                Name = $"{name}-i2t",
                Split = split,
                Corpus = _ => MediaFiles.ToTexts(captions),
                Queries = [.. shown.Select(picture => new BenchmarkQuery(picture.Id) { File = picture.Path })],
                Judgements = ofPictures,
                Measures = ["hit@1", "hit@5", "hit@10", "mrr", "rank"],
                NeedsModelVectors = true,
            },
        ];
    }
}
