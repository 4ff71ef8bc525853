using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Encoding.Reranking;

/// <summary>Reads the folder of a reranker: a graph under a head that classifies, as Hugging Face has it, or remote.json with the shape
/// <c>rerank</c>. Loads no weights.</summary>
internal static class RerankerDetection
{
    public const string MaskName = "attention_mask";
    public const string TypesName = "token_type_ids";

    private const string ConfigFile = "config.json";
    private const string Head = "ForSequenceClassification";
    private const int UsualLength = 512;

    private static readonly string[] SideInputs = [MaskName, TypesName, "position_ids"];

    /// <summary>True for a folder that says it is a reranker, whether or not it can be used. False for one that cannot be read.</summary>
    public static bool IsReranker(string folder)
    {
        try
        {
            return RemoteDescription.IsIn(folder)
                ? RemoteDescription.Read(folder).Shape == RemoteShape.Rerank
                : ModelConfiguration.Read(folder).Architecture?.EndsWith(Head, StringComparison.Ordinal) == true;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    /// <exception cref="ModelFormatException">Something is missing or contradictory; the message says what.</exception>
    public static RerankerPlan Detect(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (RemoteDescription.IsIn(folder))
        {
            // What is wrong with the file is said before that it is another one.
            RemoteDescription.Read(folder);
        }

        if (!IsReranker(folder))
        {
            throw new ModelFormatException(
                folder, $"it is no reranker: neither {ConfigFile} with an architecture ...{Head} nor remote.json with the shape rerank.");
        }

        return RemoteDescription.IsIn(folder) ? RemoteReranker.Detect(folder) : DetectGraph(folder);
    }

    private static RerankerPlan DetectGraph(string folder)
    {
        Findings findings = new(folder);
        ModelConfiguration configuration = ModelConfiguration.Read(folder);
        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, ConfigFile)));
        OnnxGraphHeader graph = GraphFiles.Find(folder, EncoderDescription.Read(folder)).Text
            ?? throw findings.Refuse("its graph takes no tokens.");
        findings.Add("graph", Path.GetRelativePath(folder, graph.Path), $"...{Head}");
        (OnnxTensor input, OnnxTensor output) = ChooseTensors(graph, findings);
        CheckLabels(config.RootElement, findings);
        Tokenizer tokenizer = Tokenizer.Load(folder);
        PairFrame frame = tokenizer.Pair
            ?? throw findings.Refuse("its tokenizer does not say how a pair is written (post_processor of tokenizer.json).");
        findings.Add("tokenizer", tokenizer.Description, "tokenizer files");
        int length = tokenizer.MaxLength ?? UsualLength;
        findings.Add(
            "length", length.ToString(CultureInfo.InvariantCulture), tokenizer.MaxLength is null ? "usual" : "tokenizer files");
        bool isLogistic = ReadActivation(config.RootElement, findings);
        CrossEncoderPlan plan = new()
        {
            Folder = folder,
            Graph = graph,
            Input = input,
            Output = output,
            Tokenizer = tokenizer,
            Frame = frame,
            MaxLength = length,
            IsLogistic = isLogistic,
        };
        RerankerContract contract = new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            Family = configuration.ModelType ?? "unknown",
            MaxTokens = length,
            Details = findings.Details,
            Warnings = findings.Warnings,
        };
        return new RerankerPlan(folder, contract, sessions => new CrossEncoder(sessions, plan));
    }

    private static (OnnxTensor Input, OnnxTensor Output) ChooseTensors(OnnxGraphHeader graph, Findings findings)
    {
        OnnxTensor input = graph.Inputs.FirstOrDefault(tensor => tensor.Name == "input_ids")
            ?? throw findings.Refuse($"its graph has no input input_ids: {string.Join("; ", graph.Inputs)}.");
        if (graph.Inputs.FirstOrDefault(tensor => tensor.Name != input.Name && !SideInputs.Contains(tensor.Name)) is { } unknown)
        {
            throw findings.Refuse($"its graph wants the input {unknown}, which is not supported.");
        }

        if (graph.Inputs.FirstOrDefault(tensor => tensor.Shape.Any(axis => axis > 1)) is { } isFixed)
        {
            throw findings.Refuse($"its graph fixes the shape of {isFixed}; export it with axes that are open.");
        }

        OnnxTensor output = graph.Outputs.FirstOrDefault(tensor => tensor.Name == "logits")
            ?? (graph.Outputs.Count == 1 ? graph.Outputs[0] : throw findings.Refuse(
                $"its graph has no output logits: {string.Join("; ", graph.Outputs)}."));
        return output.Rank is 1 or 2 && (output.Rank == 1 || output.Shape[1] is 1 or < 0)
            ? (input, output)
            : throw findings.Refuse($"its graph gives {output}; a reranker gives one number per pair.");
    }

    private static void CheckLabels(JsonElement config, Findings findings)
    {
        int? labels = config.TryGetProperty("num_labels", out JsonElement count) && count.TryGetInt32(out int number) ? number
            : config.TryGetProperty("id2label", out JsonElement names) && names.ValueKind == JsonValueKind.Object
                ? names.EnumerateObject().Count()
                : null;
        if (labels is not null and not 1)
        {
            throw findings.Refuse($"{ConfigFile} has {labels} labels: it sorts texts into classes; a reranker has one.");
        }
    }

    // What sentence-transformers writes, in its present and its former place; without it, the logistic is what it applies.
    private static bool ReadActivation(JsonElement config, Findings findings)
    {
        JsonElement function = default;
        bool isNamed = (config.TryGetProperty("sentence_transformers", out JsonElement own) && own.ValueKind == JsonValueKind.Object
                && own.TryGetProperty("activation_fn", out function))
            || config.TryGetProperty("sbert_ce_default_activation_function", out function);
        string name = isNamed && function.ValueKind == JsonValueKind.String ? function.GetString()! : "Sigmoid";
        bool isIdentity = name.EndsWith("Identity", StringComparison.Ordinal);
        if (!isIdentity && !name.EndsWith("Sigmoid", StringComparison.Ordinal))
        {
            throw findings.Refuse($"{ConfigFile} wants the activation {name}; Identity and Sigmoid are known.");
        }

        findings.Add("score", isIdentity ? "the logit" : "the logistic of the logit", isNamed ? ConfigFile : "usual");
        return !isIdentity;
    }
}
