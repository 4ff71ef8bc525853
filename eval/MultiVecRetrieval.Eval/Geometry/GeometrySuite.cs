using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Photos;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Geometry;

/// <summary>
/// Pictures compared with pictures in a space of words and pictures, as it is and after transforms: the mean taken away, and only
/// directions in which words differ. Words are compared with pictures in the same run: what helps one may harm the other.
/// </summary>
/// <param name="cacheFolder">Holds the package of photographs.</param>
/// <param name="modelFolder">A model of one vector a picture and a text; null for the bundled one of photographs, without its
/// patches.</param>
/// <param name="log">Told what takes time.</param>
internal sealed class GeometrySuite(string cacheFolder, string? modelFolder, Action<string> log)
{
    private static readonly int[] Kept = [32, 64, 96, 128, 192];

    private readonly ImageDecoder _decoder = new(new MediaLimits());

    public string Run()
    {
        StampPhoto[] photos = [.. StampPhoto.Fetch(cacheFolder, log)];
        using ModelVariants variants = new();
        using EncoderModel model = EncoderModel.Load(modelFolder ?? variants.WholeAlone());
        log($"encoding {photos.Length} photographs and their copies");
        float[][] pictures = [.. photos.Select(photo => Encode(model, _decoder.DecodeFile(photo.Path)))];
        float[][][] copies = [.. PhotoCopies.All(_decoder).Select(change =>
            photos.Select(photo => Encode(model, change.Apply(_decoder.DecodeFile(photo.Path)))).ToArray())];
        string[] words = ReadWords();
        log($"encoding {words.Length} words");
        int d = model.Contract.Dimension;
        MultiVector texts = Stack(d, words.Select(word => model.EncodeText(word).Rows.Row(0).ToArray()));
        string[] names = [.. photos.Select(photo => photo.Name).Distinct(StringComparer.Ordinal)];
        float[][] queries = [.. names.Select(name => model.EncodeText(name).Rows.Row(0).ToArray())];

        // The transform is fitted on one half of the pictures and measured on all.
        MultiVector half = Stack(d, pictures.Where((_, i) => i % 2 == 0));
        List<(string Name, SpaceTransform? Transform)> ways =
        [
            ("as it is", null),
            ("pictures' mean taken away", SpaceTransform.RemoveMean(half)),
            .. Kept.Where(kept => kept <= d).Select(kept =>
                ($"{kept} directions of words", (SpaceTransform?)SpaceTransform.OntoTexts(texts, kept))),
            .. Kept.Where(kept => kept <= d).Select(kept =>
                ($"mean taken away, {kept} directions of words", (SpaceTransform?)SpaceTransform.OntoTexts(texts, kept, half))),
        ];
        StringBuilder report = new();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{photos.Length} photographs; {words.Length} words; {names.Length} names; d = {d}");
        report.AppendLine()
            .Append("| space | next picture of the same kind | original of a copy first | the same, query alone transformed ")
            .AppendLine("| words to pictures, nDCG@10 |")
            .AppendLine("|---|---|---|---|---|");
        foreach ((string name, SpaceTransform? transform) in ways)
        {
            log(name);
            float[][] stored = [.. pictures.Select(row => transform?.Apply(row) ?? row)];
            double[] kinds = [.. Enumerable.Range(0, photos.Length)
                .Where(i => photos.Count(photo => photo.Kind == photos[i].Kind) >= 5)
                .Select(i => photos[Nearest(stored[i], stored, i)].Kind == photos[i].Kind ? 1.0 : 0)];
            double[] originals = [.. copies.SelectMany(changed => changed.Select((row, i) =>
                Nearest(transform?.Apply(row) ?? row, stored, -1) == i ? 1.0 : 0))];
            double[] byQuery = [.. copies.SelectMany(changed => changed.Select((row, i) =>
                Nearest(transform?.ApplyToQuery(row) ?? row, pictures, -1) == i ? 1.0 : 0))];
            double[] gains = [.. queries.Select((query, i) => Ndcg(names[i], transform?.Apply(query) ?? query, photos, stored))];
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {name} | {ConfidenceInterval.OfShares(kinds)} | {ConfidenceInterval.OfShares(originals)} "
                    + $"| {ConfidenceInterval.OfShares(byQuery)} | {ConfidenceInterval.OfMean(gains)} |");
        }

        return report.Append(Machine.Describe()).ToString();
    }

    private static double Ndcg(string name, float[] query, StampPhoto[] photos, float[][] stored)
    {
        string[] ranking = [.. Enumerable.Range(0, photos.Length)
            .OrderByDescending(i => TensorPrimitives.Dot<float>(query, stored[i])).Select(i => photos[i].Path)];
        return RetrievalMetrics.NdcgAt(
            10, ranking, photos.Where(photo => photo.Name == name).ToDictionary(photo => photo.Path, _ => 1.0));
    }

    private static int Nearest(float[] query, float[][] stored, int except) => Enumerable.Range(0, stored.Length)
        .Where(i => i != except).MaxBy(i => TensorPrimitives.Dot<float>(query, stored[i]));

    private static float[] Encode(EncoderModel model, RgbImage picture) => model.EncodeImage(picture).Row(0).ToArray();

    private static MultiVector Stack(int dimension, IEnumerable<float[]> rows) => new(dimension, [.. rows.SelectMany(row => row)]);

    // The names of kinds of things that come with the model.
    private static string[] ReadWords()
    {
        using JsonDocument tags = JsonDocument.Parse(File.ReadAllText(Path.Combine(BundledModels.Folder, "photos", "tags.json")));
        return
        [
            .. tags.RootElement.EnumerateArray().SelectMany(tag => (tag.TryGetProperty("kinds", out JsonElement kinds)
                ? kinds.EnumerateArray().Select(kind => kind.GetString()!)
                : []).Prepend(tag.GetProperty("tag").GetString()!)).Distinct(StringComparer.Ordinal),
        ];
    }
}
