using System.Globalization;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>Reads a data set of MMEB whose rows are a question with its candidates, of which the first is the answer.</summary>
/// <param name="dataset">The data set.</param>
/// <param name="request">Where MMEB lies.</param>
/// <param name="tables">The files of its rows.</param>
internal sealed class MmebReader(MmebDataset dataset, SuiteRequest request, IReadOnlyList<string> tables)
{
    private readonly MmebNames _names = new();
    private readonly Dictionary<string, CorpusItem> _items = new(StringComparer.Ordinal);
    private readonly List<BenchmarkQuery> _queries = [];
    private readonly Judgements _judgements = new();
    private readonly List<MmebInfo> _infos = [];
    private MediaFiles? _videos;

    /// <summary>Reads the task.</summary>
    public async Task<BenchmarkTask> ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (TableRow row in TableFile.ReadAllAsync(tables, null, cancellationToken))
        {
            if (dataset.Rows == MmebRows.TextToVideo)
            {
                AddVideo(row);
            }
            else
            {
                AddRow(row);
            }
        }

        return new MmebTask(dataset, request.HashSeed, _names.All, _infos).Create(_ => ToItems(), _queries, _judgements);
    }

    private void AddRow(TableRow row)
    {
        IReadOnlyList<string> texts = row.List("tgt_text");
        IReadOnlyList<string> paths = row.List("tgt_img_path");
        string instruction = row.Text("tgt_inst") ?? "";
        List<string> names = [];
        for (int i = 0; i < Math.Max(texts.Count, dataset.HasTextTargets ? 0 : paths.Count); i++)
        {
            string caption = i < texts.Count ? texts[i] : "";
            // What tells candidates apart: the text, the path, or path and caption where one picture is several candidates.
            string name = dataset.HasTextTargets ? caption
                : dataset.Rows == MmebRows.TextToPicture ? paths[i]
                : $"{paths[i]}:{caption.Trim('"')}";
            names.Add(name);
            string id = _names.Add(name);
            _items.TryAdd(id, new CorpusItem(id)
            {
                File = dataset.HasTextTargets ? null : PathOf(paths[i]),
                Text = dataset.HasTextTargets ? caption : request.HasInstructions ? MmebPrompts.Target(dataset, instruction, caption)
                    : caption,
            });
        }

        if (names.Count == 0)
        {
            throw new BenchmarkFormatException(row.Source, "candidates in tgt_text or tgt_img_path", "none");
        }

        string text = row.Text("qry_text") ?? "";
        AddQuery(
            request.HasInstructions ? MmebPrompts.Query(dataset, row.Text("qry_inst") ?? "", text) : text,
            dataset.Rows == MmebRows.TextToPicture ? null : row.Id("qry_img_path"), names, names[0]);
    }

    private void AddVideo(TableRow row)
    {
        _videos ??= MediaFiles.Videos(request.Root);
        string video = Path.GetFileNameWithoutExtension(row.Id("video_id", "videoID", "id", "video"));
        // Of several captions the first is asked.
        string text = row.List("caption", "enCap", "sentence") is [string first, ..]
            ? first
            : throw new BenchmarkFormatException(row.Source, "a caption", "none");
        string id = _names.Add(video);
        _items.TryAdd(id, new CorpusItem(id) { File = _videos.Of(video) });
        AddQuery(request.HasInstructions ? MmebPrompts.Query(dataset, "", text) : text, null, [video], video);
    }

    private void AddQuery(string text, string? picture, IReadOnlyList<string> names, string label)
    {
        string id = _queries.Count.ToString(CultureInfo.InvariantCulture);
        _queries.Add(new BenchmarkQuery(id)
        {
            Text = text,
            File = picture is null ? null : PathOf(picture),
            Candidates = dataset.IsLocal ? [.. names.Select(_names.Add)] : null,
        });
        _judgements.Add(id, _names.Add(label), 1);
        _infos.Add(new MmebInfo { Candidates = names, Labels = [label] });
    }

    private string PathOf(string path)
    {
        string inTasks = Path.Combine(request.Root, "image-tasks", path);
        return File.Exists(inTasks) ? inTasks : Path.Combine(request.Root, path);
    }

    private async IAsyncEnumerable<CorpusItem> ToItems()
    {
        await Task.CompletedTask;
        foreach (CorpusItem item in _items.Values)
        {
            yield return item;
        }
    }
}
