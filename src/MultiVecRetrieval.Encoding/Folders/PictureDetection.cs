using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Encoding.Tokenizers;
using MultiVecRetrieval.Encoding.Towers;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Detects the image side of models whose input depends on the picture: Idefics3, Qwen-VL, SigLIP2 NaFlex and what is built on
/// them.</summary>
internal sealed class PictureDetection(
    Findings findings, EncoderDescription description, FamilyDefaults family, FolderTokenizers tokenizers)
{
    private readonly VisionDescription _vision = description.Vision ?? new VisionDescription();

    /// <summary>The processor of the folder; null when its pictures have a fixed size.</summary>
    /// <exception cref="ModelFormatException">A value is missing or out of range; file and key are named.</exception>
    public static PictureProcessor? ReadProcessor(EncoderDescription description, FamilyDefaults family, Findings findings)
    {
        int? Check(int? tokens, string key) => tokens is null or (>= 1 and <= (int)PictureProcessor.MaxTokens)
            ? tokens
            : throw findings.Refuse(
                $"{EncoderDescription.FileName}: vision.{key} is {tokens}; it is 1 to {PictureProcessor.MaxTokens} tokens.");
        return PictureReader.TryRead(findings.Folder, new ImageTokenBudget(
            Check(description.Vision?.MinImageTokens, "minImageTokens") ?? family.MinImageTokens,
            Check(description.Vision?.MaxImageTokens, "maxImageTokens") ?? family.MaxImageTokens));
    }

    /// <summary>What a space's identity says of shortened vectors; nothing when they are whole.</summary>
    public static string Shortening(EncoderDescription description) =>
        description.MatryoshkaDimension is { } kept ? FormattableString.Invariant($" first {kept}") : "";

    /// <summary>The image side.</summary>
    /// <exception cref="ModelFormatException">The graph and the files do not fit together.</exception>
    public SidePlan<ImageTower> Detect(OnnxGraphHeader graph, PictureProcessor processor)
    {
        OnnxTensor input = TensorChoice.Pixels(graph, _vision.Input, findings);
        if (processor.FindProblem(input) is { } problem)
        {
            throw findings.Refuse($"{graph.FileName}: {problem}.");
        }

        PictureInput empty = processor.CreateEmpty();
        IReadOnlyList<TensorFeed> emptyVideo = new VideoDetection(findings, description, family, tokenizers).CreateEmpty(graph);
        SideInputs.Check(
            graph, input, findings, [.. empty.Sides.Select(side => side.Name), .. emptyVideo.Select(feed => feed.Name)]);
        RefuseOtherFixedInputs();
        Pooling? pooling = _vision.Pooling ?? family.ImagePooling;
        OnnxTensor output = TensorChoice.ImageOutput(graph, _vision.Output, wantsRows: pooling == Pooling.Rows, findings);
        Pooling chosen = output.Rank == 2 ? Pooling.First : pooling ?? Pooling.Rows;
        bool isMultiVector = chosen == Pooling.Rows;
        OnnxTensor? saliency = isMultiVector ? TensorChoice.Saliency(graph, _vision.SaliencyOutput, output, findings) : null;
        PicturePrompt? prompt = empty.Tokens.Length == 0 ? null : ReadPrompt(graph, processor);
        bool imageRowsOnly = _vision.ImageRowsOnly ?? false;
        findings.AddAll(processor.Description);
        findings.Add("image input", input.ToString(), graph.FileName);
        findings.Add("image output", $"{output}, {(isMultiVector ? "a vector per row" : "one vector")}", graph.FileName);
        if (prompt is not null)
        {
            findings.Add("image prompt", $"\"{prompt.Template}\"", _vision.Prompt is null ? "the family" : EncoderDescription.FileName);
        }

        if (isMultiVector && prompt is not null)
        {
            findings.Add("kept rows", imageRowsOnly ? "those of image tokens" : "all, with prompt and marks",
                _vision.ImageRowsOnly is null ? "as the references do" : EncoderDescription.FileName);
        }

        string tokens = prompt is null ? "" : $" in {prompt.Template} {prompt.ImageTokenId} {FileTokens.HashFiles(findings.Folder)}";
        bool keepsLength = _vision.KeepsLength ?? false;
        string identity = $"{processor.Identity} {output.Name} {chosen}{tokens}{(imageRowsOnly ? " image rows" : "")}"
            + $"{(keepsLength ? " own length" : "")}{Shortening(description)}";
        return new SidePlan<ImageTower>(
            graph,
            output.Shape[^1] > 0 ? (int)output.Shape[^1] : null,
            isMultiVector,
            identity,
            (sessions, dimension) => new PictureTower(processor, new PictureRunner(sessions, new PicturePlan
            {
                Folder = findings.Folder,
                Graph = graph,
                Input = input,
                Output = output,
                Saliency = saliency,
                OtherSide = emptyVideo,
                Prompt = prompt,
                Dimension = dimension,
                MatryoshkaDimension = description.MatryoshkaDimension,
                Pooling = chosen,
                ImageRowsOnly = imageRowsOnly,
                KeepsLength = keepsLength,
            })))
        {
            GivesSaliency = saliency is not null,
        };
    }

    private PicturePrompt ReadPrompt(OnnxGraphHeader graph, PictureProcessor processor)
    {
        string imageToken = processor is TileProcessor ? TileProcessor.ImageToken : MergedPatchProcessor.ImageToken;
        string template = _vision.Prompt ?? family.ImagePrompt ?? throw findings.Refuse(
            $"the family does not say what a picture is put into; add vision.prompt with {imageToken} to {EncoderDescription.FileName}.");
        if (template.Split(imageToken).Length != 2)
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: vision.prompt \"{template}\" does not hold {imageToken} once.");
        }

        OnnxTensor ids = TensorChoice.Tokens(graph, description.Text?.Input, findings);
        if (ids.Shape[0] > 1)
        {
            throw findings.Refuse($"the token input {ids} takes several texts at a time, the pictures come one by one.");
        }

        Tokenizer tokenizer = tokenizers.Load(findings.Folder);
        return new PicturePrompt
        {
            Template = template,
            ImageToken = imageToken,
            ImageTokenId = tokenizer.FindAddedToken(imageToken)
                ?? throw findings.Refuse($"the tokenizer has no added token {imageToken}, which stands for a picture."),
            Tokenizer = tokenizer,
            FixedLength = ids.Shape[1] > 0 ? (int)ids.Shape[1] : null,
            PadId = tokenizer.PadId ?? 0,
        };
    }

    // What says where patches of a fixed input lie has no meaning here; silence would look as if it had.
    private void RefuseOtherFixedInputs()
    {
        (string Name, bool IsSet)[] others =
        [
            ("inputIds", _vision.InputIds is not null), ("firstGridRow", _vision.FirstGridRow is not null),
            ("boxes", _vision.Boxes is not null), ("tags", _vision.Tags is not null),
        ];
        if (others.FirstOrDefault(other => other.IsSet).Name is { } set)
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: vision.{set} does not go with pictures whose size decides the input.");
        }
    }
}
