using System.Text.Json;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>Which files of a repository a model folder reads; the rest (other formats, other variants) is left where it is.</summary>
internal static class HubFileChoice
{
    // remote.json is not among them: a folder from elsewhere must not send pictures and a key of this machine to an address it names.
    private static readonly string[] Described =
    [
        "config.json", "preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json", "open_clip_config.json",
        "sentence_bert_config.json", "config_sentence_transformers.json", "1_Pooling/config.json", "tokenizer.json",
        "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt", "vocab.txt", EncoderDescription.FileName,
        "parity.json", "README.md", "LICENSE", "LICENSE.txt", "LICENSE.md",
    ];

    /// <summary>Refuses a path that would leave the folder, or that a file system may read differently.</summary>
    /// <exception cref="FormatException">It is such a path.</exception>
    public static void CheckPath(string path)
    {
        bool isPlain = path.Length is > 0 and <= 1000 && !path.Any(c => char.IsControl(c) || c is '\\' or ':')
            && path.Split('/').All(part => part.Length > 0 && part is not ("." or ".."));
        if (!isPlain)
        {
            throw new FormatException($"the hub lists a file '{Printable(path)}', whose path is not plain; nothing of it is fetched.");
        }
    }

    /// <summary>The descriptions and the graphs, with weights beside them that are named as exporters name them.</summary>
    /// <param name="files">All files of the repository, by path.</param>
    /// <param name="variant">The variant of the graphs; null for the one of most precision.</param>
    /// <exception cref="FormatException">There is no graph, or none of that variant.</exception>
    public static IReadOnlyList<HubFile> Choose(IReadOnlyDictionary<string, HubFile> files, string? variant)
    {
        IReadOnlyList<string> graphs = GraphFiles.Choose(files.ContainsKey, variant);
        if (graphs.Count == 0)
        {
            string[] there = [.. files.Keys.Where(path => path.EndsWith(".onnx", StringComparison.Ordinal))];
            throw new FormatException(there.Length == 0
                ? "it has no ONNX graph; this project reads none of its other formats. Export it, or look for a repository with onnx in its name."
                : $"it has no graph {(variant is null ? "where one is looked for" : $"of the variant {variant}")}; it has {string.Join(", ", there)}.");
        }

        return [.. Described.Where(files.ContainsKey).Concat(graphs).Concat(graphs.SelectMany(graph => files.Keys
            .Where(path => IsWeightsOf(graph, path)).Order(StringComparer.Ordinal))).Distinct().Select(path => files[path])];
    }

    /// <summary>Files that the encoder.json of a repository names: graphs, names of tags, a tokenizer's folder.</summary>
    public static IEnumerable<HubFile> NamedBy(string folder, IReadOnlyDictionary<string, HubFile> files)
    {
        string path = Path.Combine(folder, EncoderDescription.FileName);
        if (!File.Exists(path))
        {
            return [];
        }

        using JsonDocument description = JsonDocument.Parse(
            File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        string[] names = [.. Texts(description.RootElement).Select(name => name.Trim('/'))];
        return [.. files.Values.Where(file => names.Contains(file.Path)
            || (names.Contains(Path.GetDirectoryName(file.Path) ?? "") && Described.Contains(Path.GetFileName(file.Path))))];
    }

    /// <summary>Files that hold weights of the graphs of a folder, by what the graphs say.</summary>
    /// <exception cref="FormatException">The repository has no such file, or it lies outside.</exception>
    /// <exception cref="InvalidDataException">A file is no ONNX graph.</exception>
    public static IEnumerable<HubFile> WeightsOf(string folder, IEnumerable<string> graphs, IReadOnlyDictionary<string, HubFile> files)
    {
        foreach (string graph in graphs)
        {
            foreach (string weights in OnnxGraphHeader.Read(Path.Combine(folder, graph)).ExternalFiles)
            {
                string path = Path.GetRelativePath(folder, Path.GetFullPath(weights)).Replace(Path.DirectorySeparatorChar, '/');
                yield return files.TryGetValue(path, out HubFile? file)
                    ? file
                    : throw new FormatException($"{graph} keeps weights in {Printable(path)}, which the repository does not have.");
            }
        }
    }

    // model.onnx_data, model.onnx_data_1, model.onnx.data: what the graph really names is read once it is there.
    private static bool IsWeightsOf(string graph, string path) =>
        path.StartsWith(graph + "_data", StringComparison.Ordinal) || path.StartsWith(graph + ".data", StringComparison.Ordinal);

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        _ => [],
    };

    private static string Printable(string path) => string.Concat(path.Take(200).Select(c => char.IsControl(c) ? '?' : c));
}
