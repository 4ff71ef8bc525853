using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Composed;

/// <summary>
/// FashionIQ: a piece of clothing and two remarks on how the answer differs, in three categories. <c>captions/cap.CATEGORY.SPLIT.json</c>,
/// <c>image_splits/split.CATEGORY.SPLIT.json</c> and the pictures in <c>images</c>. The reference stays in the gallery.
/// </summary>
/// <remarks>Source: Wu et al., Fashion IQ, CVPR 2021.</remarks>
internal static class FashionIqReader
{
    private static readonly string[] Categories = ["dress", "shirt", "toptee"];

    /// <summary>Reads a split, a task for each category.</summary>
    /// <param name="request">The data.</param>
    /// <param name="isSmall">Rank only pictures that a question names, as some publications do, and not all of the split.</param>
    public static IReadOnlyList<BenchmarkTask> Read(SuiteRequest request, bool isSmall) =>
        [.. Categories.Where(category => Directory.EnumerateFiles(Path.Combine(request.Root, "captions"), $"cap.{category}.*").Any())
            .Select(category => Read(request, category, isSmall))];

    private static BenchmarkTask Read(SuiteRequest request, string category, bool isSmall)
    {
        string split = request.Split ?? "val";
        List<BenchmarkQuery> queries = [];
        HashSet<string> named = new(StringComparer.Ordinal);
        Judgements judgements = new();
        foreach (TableRow row in JsonTable.ReadList(request.Require($"captions/cap.{category}.{split}.json")))
        {
            string id = FormattableString.Invariant($"{category}-{queries.Count:0000}");
            string reference = row.Id("candidate");
            queries.Add(new BenchmarkQuery(id) { Text = string.Join(" and ", row.List("captions")), File = PictureOf(request, reference) });
            named.Add(reference);
            if (row.Text("target") is { } target)
            {
                named.Add(target);
                judgements.Add(id, target, 1);
            }
        }

        string[] gallery = isSmall ? [.. named.Order(StringComparer.Ordinal)] : ReadGallery(request.Require($"image_splits/split.{category}.{split}.json"));
        return new BenchmarkTask
        {
            Name = isSmall ? "FashionIQ-val-split" : "FashionIQ",
            Split = split,
            Subset = category,
            Corpus = _ => MediaFiles.ToItems(gallery.Select(id => (id, PictureOf(request, id)))),
            Queries = queries,
            Judgements = judgements,
            Measures = ["recall@10", "recall@50"],
            Depth = 50,
        };
    }

    private static string[] ReadGallery(string path)
    {
        using JsonDocument document = JsonTable.Parse(path);
        return [.. document.RootElement.EnumerateArray().Select(id => id.GetString()!)];
    }

    private static string PictureOf(SuiteRequest request, string id)
    {
        string path = Path.Combine(request.Root, "images", id);
        return File.Exists(path + ".jpg") ? path + ".jpg" : path + ".png";
    }
}
