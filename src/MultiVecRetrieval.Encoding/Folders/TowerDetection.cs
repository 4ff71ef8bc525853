using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Encoding.Tokenizers;
using MultiVecRetrieval.Encoding.Towers;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Detects the sides of models that take pictures of a fixed size and tokens: CLIP and its kin, and late interaction.</summary>
internal sealed class TowerDetection(
    Findings findings, EncoderDescription description, ModelConfiguration configuration, FamilyDefaults family, PictureProcessor? pictures,
    FolderTokenizers tokenizers)
{
    /// <summary>The image side.</summary>
    /// <exception cref="ModelFormatException">The graph and the files do not fit together.</exception>
    public SidePlan<ImageTower> DetectPixels(OnnxGraphHeader graph)
    {
        VisionDescription vision = description.Vision ?? new VisionDescription();
        ImagePreprocessor preprocessor = ImagePreprocessor.Load(findings.Folder);
        OnnxTensor input = TensorChoice.Pixels(graph, vision.Input, findings);
        CheckPixels(input, preprocessor);
        SideInputs.Check(graph, input, findings, ofPicture: []);
        Pooling? pooling = vision.Pooling ?? family.ImagePooling;
        OnnxTensor output = TensorChoice.ImageOutput(graph, vision.Output, wantsRows: pooling == Pooling.Rows, findings);
        pooling ??= Pooling.Rows;
        OnnxTensor? saliency = output.Rank == 3 && pooling == Pooling.Rows
            ? TensorChoice.Saliency(graph, vision.SaliencyOutput, output, findings)
            : null;
        AttentionPlan? attention = DetectAttention(graph, vision.Attention, output, pooling.Value);
        graph = attention is null ? graph : graph with { Promoted = attention.Outputs };
        findings.AddAll(preprocessor.Description);
        findings.Add("image input", input.ToString(), graph.FileName);
        findings.Add("image output", $"{output}{Describe(output, pooling.Value)}", graph.FileName);
        if (saliency is not null)
        {
            findings.Add("saliency output", saliency.ToString(), graph.FileName);
        }

        long[] ids = vision.InputIds is null
            ? SideInputs.DummyIds(graph)
            : [.. vision.InputIds.SelectMany(run => run is [long id, long count and >= 0 and <= 65536]
                ? Enumerable.Repeat(id, (int)count)
                : throw findings.Refuse($"{EncoderDescription.FileName}: vision.inputIds holds pairs of [id, count]."))];
        string preprocessing = JsonSerializer.Serialize(preprocessor.Options with { Description = [] });
        string fedIds = string.Join(',', vision.InputIds is null ? [] : ids);
        bool keepsLength = vision.KeepsLength ?? false;
        string shortening = PictureDetection.Shortening(description);
        string identity = $"{preprocessing} {output.Name} {pooling} {fedIds}{(keepsLength ? " own length" : "")}{shortening}";
        TagPlan? tags = DetectTags(graph, vision.Tags);
        return new SidePlan<ImageTower>(
            graph,
            output.Shape[^1] > 0 ? (int)output.Shape[^1] : null,
            IsMultiVector: output.Rank == 3 && pooling == Pooling.Rows,
            identity,
            (sessions, dimension) => new PixelTower(sessions, new PixelPlan
            {
                Folder = findings.Folder,
                Graph = graph,
                Input = input,
                Output = output,
                Saliency = saliency,
                Attention = attention,
                Preprocessor = preprocessor,
                Dimension = dimension,
                MatryoshkaDimension = description.MatryoshkaDimension,
                Pooling = pooling.Value,
                FixedBatch = FixedBatch(input),
                Ids = ids,
                PatchSize = configuration.PatchSize?.Value,
                FirstGridRow = vision.FirstGridRow,
                RunIdentity = $"{graph.Path} {preprocessing} {fedIds} {string.Join(' ', graph.Promoted)}",
                Tags = tags,
                Boxes = ReadBoxes(vision.Boxes),
                KeepsLength = keepsLength,
            }))
        {
            GivesSaliency = saliency is not null || attention is not null,
            GivesTags = tags is not null,
            PicturePixels = preprocessor.Width * preprocessor.Height,
        };
    }

    /// <summary>The text side.</summary>
    /// <exception cref="ModelFormatException">The graph and the files do not fit together.</exception>
    /// <param name="graph">Its graph.</param>
    /// <param name="images">The image side; null for a sentence encoder, whose other side is text too.</param>
    public SidePlan<TextTower> DetectTokens(OnnxGraphHeader graph, SidePlan<ImageTower>? images)
    {
        TextDescription text = description.Text ?? new TextDescription();
        OnnxTensor input = TensorChoice.Tokens(graph, text.Input, findings);
        IReadOnlyList<TensorFeed> emptyPicture = CreateEmptyPicture(graph);
        SideInputs.Check(graph, input, findings, [.. emptyPicture.Select(feed => feed.Name)]);
        if (emptyPicture.Count > 0 && FixedBatch(input) is { } batch)
        {
            throw findings.Refuse($"the text input {input} takes {batch} texts at a time, its picture comes alone.");
        }

        Pooling? pooling = text.Pooling ?? configuration.SentencePooling ?? family.TextPooling;
        OnnxTensor output = TensorChoice.TextOutput(graph, text.Output, wantsRows: pooling == Pooling.Rows, findings);
        if (output.Rank == 3 && pooling is null && images is { IsMultiVector: false })
        {
            throw findings.Refuse(
                $"the text output {output} has a row per token and an image gives one vector; say text.pooling (first, mean, last) in {EncoderDescription.FileName}.");
        }

        TokenSource tokens = text.Tokenizer == TokenizerKind.HashedWords
            ? new HashedWords(text.HashedWords ?? new HashedWordsDescription())
            : LoadTokens(input, text);
        string prompt = ChoosePrompt(text.Prompt, configuration.QueryPrompt, family.Prompt, "prompt");
        string passagePrompt = images is not null ? "{}"
            : ChoosePrompt(text.PassagePrompt, configuration.PassagePrompt, family.PassagePrompt, "passage prompt");
        bool layerNormalize = text.LayerNormalize ?? family.LayerNormalize;
        OnnxGraphHeader? head = DetectHead(text, output, pooling);
        OnnxTensor vectors = head?.Outputs[0] ?? output;
        ShortQueriesDescription? shortQueries = text.ShortQueries;
        if (shortQueries?.FindProblem() is { } problem)
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: {problem}");
        }

        string shortening = PictureDetection.Shortening(description);
        string passages = images is null ? $" passages {passagePrompt}" : "";
        string wordings = shortQueries is null ? "" : $" short {JsonSerializer.Serialize(shortQueries)}";
        string headHash = head is null ? "" : $" head {GraphHash.Compute(head)}";
        findings.Add("tokenizer", tokens.Description, text.Tokenizer is null ? "tokenizer files" : EncoderDescription.FileName);
        findings.Add("text input", input.ToString(), graph.FileName);
        findings.Add("text output", $"{output}{Describe(output, pooling ?? Pooling.Rows)}", graph.FileName);
        return new SidePlan<TextTower>(
            graph,
            vectors.Shape[^1] > 0 ? (int)vectors.Shape[^1] : null,
            IsMultiVector: output.Rank == 3 && (pooling ?? Pooling.Rows) == Pooling.Rows,
            $"{tokens.Identity} {prompt} {output.Name} {pooling} {layerNormalize}{passages}{headHash}{wordings}{shortening}",
            (sessions, dimension) => new TokenTower(sessions, new TokenPlan
            {
                Folder = findings.Folder,
                Graph = graph,
                Input = input,
                Output = output,
                Tokens = tokens,
                Dimension = dimension,
                MatryoshkaDimension = description.MatryoshkaDimension,
                Head = head,
                ShortQueries = shortQueries,
                Pooling = pooling ?? Pooling.Rows,
                LayerNormalize = layerNormalize,
                Prompt = prompt,
                TaskPrompts = family.Tasks.ToDictionary(
                    task => task.Key, task => task.Value.Query, StringComparer.OrdinalIgnoreCase),
                PassagePrompt = passagePrompt,
                FixedBatch = FixedBatch(input),
                ImageSide = emptyPicture.Count > 0 ? default : ImageSide(graph),
                EmptyPicture = emptyPicture,
            }))
        {
            PassageTokens = images is null ? ChoosePassageTokens(text, tokens) : 0,
            Tasks = [.. family.Tasks.Keys],
        };
    }

    private AttentionPlan? DetectAttention(
        OnnxGraphHeader graph, AttentionDescription? attention, OnnxTensor output, Pooling pooling)
    {
        if (attention is null)
        {
            return null;
        }

        if (output.Rank != 3 || pooling != Pooling.Rows || description.Vision?.SaliencyOutput is not null)
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: vision.attention is of models that give a row per patch and no saliency.");
        }

        IReadOnlyList<(string Name, string Result)> nodes = SoftmaxNodes.Read(graph.Path);
        string known = nodes.Count == 0 ? "none: its attention is fused" : string.Join(", ", nodes.Select(node => node.Name));
        string[] values = (attention.Nodes, attention.LastLayers) switch
        {
            ({ Count: > 0 } names, null) =>
            [
                .. names.Select(name => nodes.Where(node => node.Name == name || node.Result == name).Select(node => node.Result)
                    .FirstOrDefault() ?? throw findings.Refuse($"{graph.FileName} has no Softmax node '{name}'; it has {known}.")),
            ],
            (null, int count and > 0) when count <= nodes.Count => [.. nodes.TakeLast(count).Select(node => node.Result)],
            (null, int count) => throw findings.Refuse($"vision.attention.lastLayers is {count}; {graph.FileName} has the Softmax nodes {known}."),
            _ => throw findings.Refuse($"{EncoderDescription.FileName}: vision.attention has nodes or lastLayers."),
        };
        if (attention.From is < 0)
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: vision.attention.from is {attention.From}; it is the place of a token, from 0.");
        }

        string from = attention.From is { } token ? $"of token {token}" : "of all tokens";
        findings.Add("saliency", $"attention {from} in {string.Join(", ", values)}", EncoderDescription.FileName);
        return new AttentionPlan(values, attention.From);
    }

    private TagPlan? DetectTags(OnnxGraphHeader graph, TagsDescription? tags)
    {
        if (tags is null)
        {
            return null;
        }

        string[][] names = tags.ReadNames(findings.Folder);
        OnnxTensor? output = graph.Outputs.FirstOrDefault(candidate => candidate.Name == tags.Output);
        if (output is null || output.Shape[^1] != names.Length)
        {
            throw findings.Refuse($"{tags.Names} has {names.Length} names; the graph has no output {tags.Output} of as many values.");
        }

        if (tags.Threshold is not (> 0 and <= 1))
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: vision.tags.threshold is above 0 and at most 1.");
        }

        string threshold = tags.Threshold.ToString(CultureInfo.InvariantCulture);
        findings.Add("tags", $"{names.SelectMany(name => name).Distinct().Count()}, given from probability {threshold}", tags.Names);
        return new TagPlan(tags.Output, names, (float)tags.Threshold);
    }

    private Place[]? ReadBoxes(IReadOnlyList<IReadOnlyList<float>>? boxes) => boxes is null
        ? null
        : [.. boxes.Select(box => box is [var left, var top, var right, var bottom] && left >= 0 && top >= 0 && right <= 1 && bottom <= 1
            && left < right && top < bottom
                ? new Place(left, top, right, bottom)
                : throw findings.Refuse($"{EncoderDescription.FileName}: vision.boxes holds [left, top, right, bottom] in 0..1."))];

    private OnnxGraphHeader? DetectHead(TextDescription text, OnnxTensor output, Pooling? pooling)
    {
        if (text.Head is null)
        {
            return null;
        }

        OnnxGraphHeader head = GraphFiles.ReadHeader(findings.Folder, Path.GetFullPath(Path.Combine(findings.Folder, text.Head)));
        bool isPooled = output.Rank == 2 || (pooling is not null && pooling != Pooling.Rows);
        if (!isPooled || head.Inputs is not [{ Rank: 2 } input] || head.Outputs.Count != 1
            || (output.Shape[^1] > 0 && input.Shape[1] != output.Shape[^1]))
        {
            throw findings.Refuse(
                $"{text.Head} is no head: it takes one pooled vector [1, n] of the text graph ({output}) to one of the space.");
        }

        findings.Add("text head", $"{input} -> {head.Outputs[0]}", text.Head);
        return head;
    }

    private static int? FixedBatch(OnnxTensor input) => input.Shape[0] > 1 ? (int)input.Shape[0] : null;

    private static string Describe(OnnxTensor output, Pooling pooling) => (output.Rank, pooling) switch
    {
        (2, _) => ", one vector",
        (_, Pooling.Rows) => ", a vector per row",
        _ => $", {pooling.ToString().ToLowerInvariant()} pooling",
    };

    private void CheckPixels(OnnxTensor input, ImagePreprocessor preprocessor)
    {
        if (input.Rank != 4 && !(input.Rank == 5 && input.Shape[1] is 1 or -1))
        {
            throw findings.Refuse(
                $"the pixel input {input} is no [batch, 3, height, width]; pictures cut into tiles or patches are not supported.");
        }

        (long channels, long height, long width) = (input.Shape[^3], input.Shape[^2], input.Shape[^1]);
        if (channels is not (3 or -1))
        {
            throw findings.Refuse($"the pixel input {input} has {channels} channels, expected 3.");
        }

        if ((height > 0 && height != preprocessor.Height) || (width > 0 && width != preprocessor.Width))
        {
            throw findings.Refuse(
                $"the graph takes {width} × {height} pixels, the preprocessing gives {preprocessor.Width} × {preprocessor.Height}; one of them is wrong.");
        }
    }

    private FileTokens LoadTokens(OnnxTensor input, TextDescription text)
    {
        string folder = Path.GetFullPath(Path.Combine(findings.Folder, text.TokenizerFolder ?? "."));
        Tokenizer tokenizer = tokenizers.Load(folder);
        int? graphLength = input.Shape[1] > 0 ? (int)input.Shape[1] : null;
        int maxLength = text.MaxLength ?? graphLength ?? configuration.TextLength?.Value ?? family.TextLength ?? 512;
        string source = text.MaxLength is not null ? EncoderDescription.FileName
            : graphLength is not null ? "the graph"
            : configuration.TextLength?.Source ?? (family.TextLength is not null ? "the family" : "assumed");
        if (graphLength is { } fixedLength && maxLength > fixedLength)
        {
            throw findings.Refuse($"{EncoderDescription.FileName} says text.maxLength {maxLength}, the graph takes {fixedLength} tokens.");
        }

        int? paddedLength = graphLength ?? ((text.PadToMaxLength ?? family.PadToMaxLength) ? maxLength : null);
        int? padId = text.PadId ?? (family.PadToMaxLength ? family.PadId : null) ?? tokenizer.PadId;
        if (paddedLength is not null && padId is null)
        {
            findings.Warn($"Texts are padded to {paddedLength} tokens and no file says with which; 0 is used.");
        }

        string padding = paddedLength is null ? "" : $", padded to {paddedLength} with {padId ?? 0}";
        findings.Add("text length", $"{maxLength.ToString(CultureInfo.InvariantCulture)} tokens{padding}", source);
        return new FileTokens(tokenizer, FileTokens.HashFiles(folder), maxLength, paddedLength, padId ?? 0);
    }

    // Long sections say many things and their vector none of them well: on manuals, sections of 200 tokens beat whole pages by half.
    private int ChoosePassageTokens(TextDescription text, TokenSource tokens)
    {
        const int UsualTokens = 200;
        if (text.PassageTokens is < 16)
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: text.passageTokens is {text.PassageTokens}; it is at least 16.");
        }

        int passage = Math.Min(text.PassageTokens ?? UsualTokens, tokens.MaxLength);
        findings.Add("sections", $"at most {passage.ToString(CultureInfo.InvariantCulture)} tokens",
            text.PassageTokens is null ? "assumed" : EncoderDescription.FileName);
        return passage;
    }

    private string ChoosePrompt(string? described, string? prefixInFiles, string ofFamily, string what)
    {
        (string prompt, string source) = described is not null ? (described, EncoderDescription.FileName)
            : prefixInFiles is { Length: > 0 } prefix ? (prefix + "{}", "config_sentence_transformers.json")
            : (ofFamily, "the family");
        if (!prompt.Contains("{}", StringComparison.Ordinal))
        {
            throw findings.Refuse($"the {what} \"{prompt}\" of {source} has no {{}} for the text.");
        }

        if (prompt != "{}")
        {
            findings.Add(what, $"\"{prompt}\"", source);
        }

        return prompt;
    }

    // The text side of a combined graph whose input depends on the picture is fed the smallest there is.
    private IReadOnlyList<TensorFeed> CreateEmptyPicture(OnnxGraphHeader graph) =>
        pictures is not null && graph.Inputs.FirstOrDefault(GraphFiles.IsPixels) is { } pixels
            ? [.. PictureRunner.CreateFeeds(pictures.CreateEmpty(), pixels),
                .. new VideoDetection(findings, description, family, tokenizers).CreateEmpty(graph)]
            : [];

    // The text side of a combined graph needs a picture; its size is the preprocessing's when the graph leaves it open.
    private (int Height, int Width) ImageSide(OnnxGraphHeader graph)
    {
        OnnxTensor? pixels = graph.Inputs.FirstOrDefault(GraphFiles.IsPixels);
        if (pixels is null)
        {
            return (0, 0);
        }

        if (pixels.Shape[^2] > 0 && pixels.Shape[^1] > 0)
        {
            return ((int)pixels.Shape[^2], (int)pixels.Shape[^1]);
        }

        ImagePreprocessor preprocessor = ImagePreprocessor.Load(findings.Folder);
        return (preprocessor.Height, preprocessor.Width);
    }
}
