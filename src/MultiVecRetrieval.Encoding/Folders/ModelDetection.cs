using System.Security.Cryptography;
using System.Text;
using MultiVecRetrieval.Encoding.PageWords;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Encoding.Reranking;
using MultiVecRetrieval.Encoding.Tokenizers;
using MultiVecRetrieval.Encoding.Towers;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Reads a model folder: which graphs, which inputs, which preprocessing, and which file said so. Loads no weights.</summary>
internal static class ModelDetection
{
    private const int DefaultPageLongSide = 1024;

    // An A4 page has 175 dots an inch at this size, which shows small print.
    private const int LargestPageLongSide = 2048;

    /// <summary>Detects what <paramref name="folder"/> holds.</summary>
    /// <exception cref="ModelFormatException">Something is missing or contradictory; the message says what.</exception>
    public static ModelPlan Detect(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException(folder, "there is no such folder.");
        }

        if (RerankerDetection.IsReranker(folder))
        {
            throw new ModelFormatException(
                folder, "it is a reranker, which scores pairs of texts and encodes nothing; name it where hits are re-ranked.");
        }

        EncoderDescription description = EncoderDescription.Read(folder);
        if (RemoteDescription.IsIn(folder))
        {
            return RemoteDetection.Detect(folder, description, LargestPageLongSide);
        }

        GraphFiles graphs = GraphFiles.Find(folder, description);
        Findings findings = new(folder);
        AddGraphs(graphs, findings);
        ModelConfiguration configuration = ModelConfiguration.Read(folder);
        string? modelType = description.Family ?? FamilyDefaults.Name(configuration.ModelType, configuration.Architecture);
        string source = description.Family is not null ? EncoderDescription.FileName
            : modelType == configuration.ModelType ? "model_type" : "architectures of config.json";
        findings.Add("family", modelType ?? "unknown", source);
        FamilyDefaults family = ChooseTask(FamilyDefaults.Find(modelType), modelType, description, findings);
        PictureProcessor? pictures = graphs.Vision is null || description.Vision?.InkGrid is not null
            ? null
            : PictureDetection.ReadProcessor(description, family, findings);
        int pageLongSide = description.PageLongSide
            ?? Math.Clamp(pictures?.PageLongSide ?? 0, DefaultPageLongSide, LargestPageLongSide);
        FolderTokenizers tokenizers = new();
        TowerDetection towers = new(findings, description, configuration, family, pictures, tokenizers);
        SidePlan<ImageTower>? images = graphs.Vision is null
            ? null
            : description.Vision?.InkGrid is not null
                ? PageWordsDetection.DetectInk(graphs.Vision, description.Vision, pageLongSide, findings)
                : pictures is null
                    ? towers.DetectPixels(graphs.Vision)
                    : new PictureDetection(findings, description, family, tokenizers).Detect(graphs.Vision, pictures);
        SidePlan<TextTower>? text = graphs.Text is null
            ? null
            : description.Text?.Tokenizer == TokenizerKind.LetterWords
                ? PageWordsDetection.DetectWords(graphs.Text, description.Text, findings)
                : towers.DetectTokens(graphs.Text, images);
        VideoPlan? videos = DetectVideos(graphs, description, family, pictures, findings, tokenizers);
        CheckMatryoshka(description, findings);
        int dimension = ChooseDimension(description, configuration, images?.Dimension, text?.Dimension, findings);
        if (videos?.Dimension is { } ofVideos && ofVideos != dimension)
        {
            throw findings.Refuse(
                $"the video side gives {ofVideos} values per vector and the others {dimension}; they do not share a space.");
        }

        ModelContract contract = new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            Family = modelType ?? "unknown",
            SpaceId = DeclaredSpace.OfFolder(description, ComputeSpaceId(images, text, videos), findings),
            QuerySpace = DeclaredSpace.OfQueries(description, findings),
            Dimension = ShortenDimension(description, dimension, findings),
            CanShorten = description.MatryoshkaDimension is not null,
            ReadsPages = description.ReadsPages ?? true,
            ComparesPictures = images is not null && (description.ComparesPictures ?? description.IsSemantic ?? true),
            GivesTags = images?.GivesTags == true,
            GivesSaliency = images?.GivesSaliency == true,
            PicturePixels = images?.PicturePixels,
            PassageTokens = text?.PassageTokens ?? 0,
            Tasks = text?.Tasks ?? [],
            ReadsLatinOnly = description.Text?.LatinOnly ?? false,
            IsMultiVector = images?.IsMultiVector ?? text!.IsMultiVector,
            EncodesImages = images is not null,
            EncodesText = text is not null,
            VideoFrameCount = videos?.FrameCount ?? 0,
            PageLongSideInPixels = pageLongSide,
            IsSemantic = description.IsSemantic ?? true,
            PresenceSimilarity = ReadPresence(description, findings),
            PresenceWidth = ReadPresenceWidth(description, findings),
            CopySimilarity = ReadCopySimilarity(description, findings),
            Details = findings.Details,
            Warnings = findings.Warnings,
        };
        return new ModelPlan(
            folder,
            contract,
            images is null ? null : sessions => images.Create(sessions, dimension),
            text is null ? null : sessions => text.Create(sessions, dimension))
        {
            CreateVideos = videos is null ? null : sessions => videos.Create(sessions, dimension),
        };
    }

    private static VideoPlan? DetectVideos(
        GraphFiles graphs, EncoderDescription description, FamilyDefaults family, PictureProcessor? pictures, Findings findings,
        FolderTokenizers tokenizers)
    {
        if (graphs.Video is { } graph)
        {
            return pictures is MergedPatchProcessor
                ? new VideoDetection(findings, description, family, tokenizers).Detect(graph, pictures)
                : throw findings.Refuse(
                    $"{graph.FileName} takes videos, which is supported for models whose pictures are merged patches (Qwen-VL) only.");
        }

        return description.Video is null
            ? null
            : throw findings.Refuse(
                $"{EncoderDescription.FileName} has video, and no graph takes one: neither onnx/video_model.onnx nor an input "
                    + "pixel_values_videos of the graph of pictures is there; name one as video.graph.");
    }

    private static FamilyDefaults ChooseTask(
        FamilyDefaults family, string? name, EncoderDescription description, Findings findings)
    {
        if (description.Task is not { } task)
        {
            if (family.Tasks.Count > 0)
            {
                findings.Add("tasks with prompts of their own", string.Join(", ", family.Tasks.Keys), "the family");
            }

            return family;
        }

        if (!family.Tasks.TryGetValue(task, out TaskPrompts? prompts))
        {
            throw findings.Refuse(
                $"{EncoderDescription.FileName}: the family {name ?? "unknown"} has no prompts for task {task}; it has "
                    + $"{(family.Tasks.Count == 0 ? "none by task" : string.Join(", ", family.Tasks.Keys))}.");
        }

        findings.Add("task", task, EncoderDescription.FileName);
        return family with { Prompt = prompts.Query, ImagePrompt = prompts.Image, VideoPrompt = prompts.Video };
    }

    private static void CheckMatryoshka(EncoderDescription description, Findings findings)
    {
        if (description.MatryoshkaDimension is not null
            && (description.Vision?.InkGrid is not null || description.Text?.Tokenizer == TokenizerKind.LetterWords))
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: matryoshkaDimension does not go with vectors of words in ink.");
        }
    }

    /// <summary>Length of a vector after it is shortened as encoder.json says.</summary>
    internal static int ShortenDimension(EncoderDescription description, int dimension, Findings findings)
    {
        if (description.MatryoshkaDimension is not { } kept)
        {
            return dimension;
        }

        if (kept < 1 || kept > dimension)
        {
            throw findings.Refuse(
                $"{EncoderDescription.FileName}: matryoshkaDimension is {kept}; it is 1 to {dimension}, the length of a vector.");
        }

        findings.Add("kept of a vector", $"the first {kept} of {dimension} values", EncoderDescription.FileName);
        return kept;
    }

    /// <summary>The similarity from which a match counts as found; null when encoder.json says none.</summary>
    internal static double? ReadPresence(EncoderDescription description, Findings findings)
    {
        if (description.PresenceSimilarity is not { } presence)
        {
            return null;
        }

        if (presence is not (> -1 and <= 1))
        {
            throw findings.Refuse(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{EncoderDescription.FileName}: presenceSimilarity is {presence}; it lies above -1 and is at most 1."));
        }

        findings.Add(
            "shown as found",
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"from similarity {presence}"),
            EncoderDescription.FileName);
        return presence;
    }

    /// <summary>How far above it a match is nearly certain.</summary>
    internal static double ReadPresenceWidth(EncoderDescription description, Findings findings) => description.PresenceWidth switch
    {
        null => ModelContract.DefaultPresenceWidth,
        > 0 and <= 1 => description.PresenceWidth.Value,
        _ => throw findings.Refuse(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{EncoderDescription.FileName}: presenceWidth is {description.PresenceWidth}; it is above 0 and at most 1.")),
    };

    /// <summary>The similarity from which two pictures are taken for copies.</summary>
    internal static double ReadCopySimilarity(EncoderDescription description, Findings findings) => description.CopySimilarity switch
    {
        null => ModelContract.DefaultCopySimilarity,
        > 0 and <= 1 => description.CopySimilarity.Value,
        _ => throw findings.Refuse(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{EncoderDescription.FileName}: copySimilarity is {description.CopySimilarity}; it is above 0 and at most 1.")),
    };

    private static void AddGraphs(GraphFiles graphs, Findings findings)
    {
        string Name(string path) => Path.GetRelativePath(findings.Folder, path);
        if (graphs.IsCombined)
        {
            findings.Add("graph", Name(graphs.Vision!.Path), "both sides in one; the other side is fed a dummy");
        }
        else
        {
            if (graphs.Vision is not null)
            {
                findings.Add("image graph", Name(graphs.Vision.Path), "file name");
            }

            if (graphs.Text is not null)
            {
                findings.Add("text graph", Name(graphs.Text.Path), "file name");
            }
        }

        if (graphs.Variants.Count > 0)
        {
            findings.Add("other variants", string.Join(", ", graphs.Variants), "not used; name one in encoder.json to use it");
        }
    }

    private static int ChooseDimension(EncoderDescription description, ModelConfiguration configuration, int? images, int? text,
        Findings findings)
    {
        if (images is { } ofImages && text is { } ofText && ofImages != ofText)
        {
            throw findings.Refuse($"the image side gives {images} values per vector and the text side {text}; they do not share a space.");
        }

        int? found = images ?? text;
        if (found is not null && description.Dimension is { } described && described != found)
        {
            throw findings.Refuse($"{EncoderDescription.FileName} says dimension {described}, the graph gives {found}.");
        }

        int dimension = found
            ?? description.Dimension
            ?? configuration.Dimension?.Value
            ?? throw findings.Refuse(
                $"neither the graphs nor config.json say the length of a vector; add dimension to {EncoderDescription.FileName}.");
        string source = found is not null ? "the graph"
            : description.Dimension is not null ? EncoderDescription.FileName
            : configuration.Dimension!.Value.Source;
        findings.Add("dimension", dimension.ToString(System.Globalization.CultureInfo.InvariantCulture), source);
        return dimension;
    }

    // Equal ids mean equal vectors for equal input. The id holds no path and no name: a moved or renamed folder keeps its space.
    private static SpaceId ComputeSpaceId(SidePlan<ImageTower>? images, SidePlan<TextTower>? text, VideoPlan? videos)
    {
        StringBuilder identity = new();
        if (images is not null)
        {
            identity.Append("images ").Append(GraphHash.Compute(images.Graph)).Append('\n').Append(images.Identity).Append('\n');
        }

        if (text is not null)
        {
            identity.Append("text ").Append(GraphHash.Compute(text.Graph)).Append('\n').Append(text.Identity).Append('\n');
        }

        if (videos is not null)
        {
            identity.Append("videos ").Append(GraphHash.Compute(videos.Graph)).Append('\n').Append(videos.Identity).Append('\n');
        }

        return HashIdentity(identity.ToString());
    }

    /// <summary>The id of the space of vectors that everything in a text decides.</summary>
    internal static SpaceId HashIdentity(string identity) => new(
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(identity)).AsSpan(0, 16)));
}
