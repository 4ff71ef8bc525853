using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Encoding.Tokenizers;
using MultiVecRetrieval.Encoding.Towers;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Detects the video side of models that read a video among tokens: Qwen-VL and what is built on it.</summary>
internal sealed class VideoDetection(
    Findings findings, EncoderDescription description, FamilyDefaults family, FolderTokenizers tokenizers)
{
    /// <summary>Frames of a video where nothing says another number, as VLM2Vec and MMEB-V2 take them.</summary>
    public const int DefaultFrames = 8;

    private const int MaxFrames = 64;

    private readonly VideoDescription _video = description.Video ?? new VideoDescription();

    /// <summary>Zeros for the video inputs of a graph that takes pictures or texts too; none for a graph without a video side.</summary>
    public IReadOnlyList<TensorFeed> CreateEmpty(OnnxGraphHeader graph) =>
        graph.Inputs.FirstOrDefault(GraphFiles.IsVideo) is { } pixels
            ? PictureRunner.CreateFeeds(ReadProcessor().CreateEmpty(GridName(pixels)), pixels)
            : [];

    /// <summary>The video side.</summary>
    /// <param name="graph">Its graph.</param>
    /// <param name="pictures">Prepares pictures, for a graph that takes them too.</param>
    /// <exception cref="ModelFormatException">The graph and the files do not fit together.</exception>
    public VideoPlan Detect(OnnxGraphHeader graph, PictureProcessor pictures)
    {
        VideoProcessor processor = ReadProcessor();
        OnnxTensor input = graph.Inputs.FirstOrDefault(GraphFiles.IsVideo) ?? TensorChoice.Pixels(graph, null, findings);
        if (processor.FindProblem(input) is { } problem)
        {
            throw findings.Refuse($"{graph.FileName}: {problem}.");
        }

        string gridName = GridName(input);
        IReadOnlyList<TensorFeed> emptyPicture = graph.Inputs.FirstOrDefault(GraphFiles.IsPixels) is { } pixels && pixels != input
            ? PictureRunner.CreateFeeds(pictures.CreateEmpty(), pixels)
            : [];
        SideInputs.Check(graph, input, findings, [gridName, .. emptyPicture.Select(feed => feed.Name)]);
        Pooling pooling = description.Vision?.Pooling ?? family.ImagePooling ?? Pooling.Rows;
        OnnxTensor output = TensorChoice.ImageOutput(graph, description.Vision?.Output, wantsRows: pooling == Pooling.Rows, findings);
        if (output.Rank != 2 && pooling == Pooling.Rows)
        {
            throw findings.Refuse(
                $"{graph.FileName} gives a row per token of a video; a video is one vector here, so say vision.pooling (last, first, mean) "
                    + $"in {EncoderDescription.FileName}.");
        }

        PicturePrompt prompt = ReadPrompt(graph, processor);
        findings.AddAll(processor.Description);
        findings.Add("video graph", input.ToString(), graph.FileName);
        findings.Add("video prompt", $"\"{prompt.Template}\"", _video.Prompt is null ? "the family" : EncoderDescription.FileName);
        bool keepsLength = description.Vision?.KeepsLength ?? false;
        string identity = $"{processor.Identity} {output.Name} {pooling} in {prompt.Template} {prompt.ImageTokenId} "
            + $"{FileTokens.HashFiles(findings.Folder)}{(keepsLength ? " own length" : "")}{PictureDetection.Shortening(description)}";
        return new VideoPlan(
            graph,
            output.Shape[^1] > 0 ? (int)output.Shape[^1] : null,
            identity,
            processor.FrameCount,
            (sessions, dimension) => new VideoTower(processor, gridName, new PictureRunner(sessions, new PicturePlan
            {
                Folder = findings.Folder,
                Graph = graph,
                Input = input,
                Output = output,
                OtherSide = emptyPicture,
                Prompt = prompt,
                Dimension = dimension,
                MatryoshkaDimension = description.MatryoshkaDimension,
                Pooling = output.Rank == 2 ? Pooling.First : pooling,
                KeepsLength = keepsLength,
            })));
    }

    private VideoProcessor ReadProcessor()
    {
        int frames = _video.Frames ?? DefaultFrames;
        if (frames is < 2 or > MaxFrames)
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: video.frames is {frames}; it is 2 to {MaxFrames}.");
        }

        return VideoSettings.Read(
            findings.Folder, frames,
            new ImageTokenBudget(
                Check(_video.MinFrameTokens, "minFrameTokens") ?? family.MinFrameTokens,
                Check(_video.MaxFrameTokens, "maxFrameTokens") ?? family.MaxFrameTokens),
            family.IsVideoTimestamped);
    }

    private int? Check(int? tokens, string key) => tokens is null or (>= 1 and <= (int)PictureProcessor.MaxTokens)
        ? tokens
        : throw findings.Refuse($"{EncoderDescription.FileName}: video.{key} is {tokens}; it is 1 to {PictureProcessor.MaxTokens} tokens.");

    private PicturePrompt ReadPrompt(OnnxGraphHeader graph, VideoProcessor processor)
    {
        string template = _video.Prompt ?? family.VideoPrompt ?? throw findings.Refuse(
            $"the family does not say what a video is put into; add video.prompt with {VideoProcessor.VideoToken} to "
                + $"{EncoderDescription.FileName}.");
        if (template.Split(VideoProcessor.VideoToken).Length != 2)
        {
            throw findings.Refuse(
                $"{EncoderDescription.FileName}: video.prompt \"{template}\" does not hold {VideoProcessor.VideoToken} once.");
        }

        OnnxTensor ids = TensorChoice.Tokens(graph, description.Text?.Input, findings);
        Tokenizer tokenizer = tokenizers.Load(findings.Folder);
        return new PicturePrompt
        {
            Template = template,
            ImageToken = processor.Marker(template),
            ImageTokenId = tokenizer.FindAddedToken(VideoProcessor.VideoToken)
                ?? throw findings.Refuse($"the tokenizer has no added token {VideoProcessor.VideoToken}, which stands for a video."),
            Tokenizer = tokenizer,
            FixedLength = ids.Shape[1] > 0 ? (int)ids.Shape[1] : null,
            PadId = tokenizer.PadId ?? 0,
        };
    }

    // A graph of its own may keep the names of pictures; the patches are the same.
    private static string GridName(OnnxTensor input) => GraphFiles.IsVideo(input) ? "video_grid_thw" : "image_grid_thw";
}
