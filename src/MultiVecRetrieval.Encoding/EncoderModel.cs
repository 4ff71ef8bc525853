using System.Diagnostics.CodeAnalysis;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Towers;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding;

/// <summary>An encoder loaded from a model folder. Thread-safe: Prepare and Encode may run side by side.</summary>
/// <remarks>
/// A folder holds ONNX graphs and the configuration files that models are published with; families differ by what these files say.
/// Vectors do not depend on what else is encoded with them.
/// </remarks>
public sealed class EncoderModel : IDisposable
{
    private const string NoCallFitsBoth = "One is of a model and takes a picture, the other is of the class and takes models first.";

    private readonly OnnxSessions _sessions;
    private readonly ImageTower? _images;
    private readonly TextTower? _text;
    private readonly VideoTower? _videos;
    private readonly bool _isShared;

    private EncoderModel(ModelPlan plan, EncoderOptions options)
    {
        Contract = plan.Contract;
        _sessions = new OnnxSessions(plan.Folder, options);
        _images = plan.CreateImages?.Invoke(_sessions);
        _text = plan.CreateText?.Invoke(_sessions);
        _videos = plan.CreateVideos?.Invoke(_sessions);
    }

    private EncoderModel(EncoderModel owner)
    {
        (Contract, _sessions, _images, _text, _videos) = (owner.Contract, owner._sessions, owner._images, owner._text, owner._videos);
        _isShared = true;
    }

    /// <summary>What the model offers.</summary>
    public ModelContract Contract { get; }

    /// <summary>Loads the model of a folder; its graphs are loaded when they are first used.</summary>
    /// <exception cref="ModelFormatException">The folder is no model that can be used; the message says what is missing.</exception>
    /// <exception cref="ExecutionProviderException">The execution provider asked for cannot be loaded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static EncoderModel Load(string folder, EncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new EncoderOptions();
        options.Validate();
        return new EncoderModel(ModelDetection.Detect(folder), options);
    }

    /// <summary>Detects the contract from the files alone, without loading weights.</summary>
    /// <exception cref="ModelFormatException">The folder is no model that can be used; the message says what is missing.</exception>
    public static ModelContract Inspect(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return ModelDetection.Detect(folder).Contract;
    }

    /// <summary>Prepares a picture for <see cref="Encode"/>: resizes, crops, normalises.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="role">Whether it is a page; matters only to models that read text.</param>
    /// <exception cref="NotSupportedException">The model takes no images.</exception>
    public PreparedImage Prepare(RgbImage image, ImageRole role = ImageRole.Detect)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Images.Prepare(image, role);
    }

    /// <summary>One MultiVector per image, unit rows with places. Independent of the rest of the batch and of thread counts.</summary>
    /// <exception cref="ArgumentException">An image was prepared by another model.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<MultiVector> Encode(IReadOnlyList<PreparedImage> images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return EncoderMetrics.Measure([this], "image", () => Images.Encode(images, cancellationToken));
    }

    /// <summary>Prepares and encodes one picture.</summary>
    /// <exception cref="NotSupportedException">The model takes no images.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = NoCallFitsBoth)]
    public MultiVector EncodeImage(RgbImage image, CancellationToken cancellationToken = default) =>
        Encode([Prepare(image)], cancellationToken)[0];

    /// <summary>Encodes one picture for several models; a graph that some of them share runs once.</summary>
    /// <param name="models">The models; all take images.</param>
    /// <param name="image">The picture.</param>
    /// <param name="role">Whether it is a page; matters only to models that read text.</param>
    /// <param name="cancellationToken">Stops between runs.</param>
    /// <returns>One result per model, in their order: what each gives alone, with the tags of a model that names what it sees.</returns>
    /// <exception cref="NotSupportedException">A model takes no images.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = NoCallFitsBoth)]
    public static IReadOnlyList<EncodedImage> EncodeImage(
        IReadOnlyList<EncoderModel> models, RgbImage image, ImageRole role = ImageRole.Detect,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(image);
        EncodedImage[] encoded = new EncodedImage[models.Count];
        foreach (int[] together in Enumerable.Range(0, models.Count)
            .GroupBy(index => models[index].Images.SharedRun ?? $"alone {index}", (_, indices) => indices.ToArray()))
        {
            ImageTower[] towers = [.. together.Select(index => models[index].Images)];
            IReadOnlyList<EncodedImage> results = EncoderMetrics.Measure(
                [.. together.Select(index => models[index])],
                "image",
                () => towers[0].EncodeTogether(towers, image, role, cancellationToken));
            for (int i = 0; i < together.Length; i++)
            {
                encoded[together[i]] = results[i];
            }
        }

        return encoded;
    }

    /// <summary>Encodes a video, or a span of one, as one vector: a row whose place is the span.</summary>
    /// <param name="clip">Its frames, <see cref="ModelContract.VideoFrameCount"/> of them, evenly spaced.</param>
    /// <param name="cancellationToken">Stops before the run.</param>
    /// <exception cref="NotSupportedException">The model takes no videos.</exception>
    /// <exception cref="ArgumentException">The clip has another number of frames, its times run backward, or its frames have a shape that
    /// the model does not take.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public MultiVector EncodeVideo(VideoClip clip, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clip);
        clip.Validate();
        VideoTower videos = _videos ?? throw new NotSupportedException($"The model {Contract.Name} takes no videos.");
        return EncoderMetrics.Measure([this], "video", () => videos.Encode(clip, cancellationToken));
    }

    /// <summary>Encodes a text query.</summary>
    /// <exception cref="NotSupportedException">The model takes no text.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public EncodedText EncodeText(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncoderMetrics.Measure([this], "query", () => Text.Encode(text, TextRole.Query, cancellationToken));
    }

    /// <summary>Encodes a text query with the words that the model has for a task.</summary>
    /// <param name="text">The query.</param>
    /// <param name="task">One of <see cref="ModelContract.Tasks"/>, in any case; null for the model's own words.</param>
    /// <param name="cancellationToken">Stops before the run.</param>
    /// <exception cref="ArgumentException">The model has no such task.</exception>
    /// <exception cref="NotSupportedException">The model takes no text.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public EncodedText EncodeTextForTask(string text, string? task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (task is null)
        {
            return EncodeText(text, cancellationToken);
        }

        return Contract.Tasks.Contains(task, StringComparer.OrdinalIgnoreCase)
            ? EncoderMetrics.Measure([this], "query", () => Text.Encode(text, task, cancellationToken))
            : throw new ArgumentException(
                $"The model {Contract.Name} has no task {task}; it has "
                    + $"{(Contract.Tasks.Count == 0 ? "none" : string.Join(", ", Contract.Tasks))}.", nameof(task));
    }

    /// <summary>Encodes a piece of text that is stored: a section of a page, a line of subtitles.</summary>
    /// <param name="text">About <see cref="ModelContract.PassageTokens"/> tokens; what is beyond the model's length is not read.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    /// <exception cref="NotSupportedException">The model does not encode passages.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public EncodedText EncodePassage(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Contract.EncodesPassages
            ? EncoderMetrics.Measure([this], "passage", () => Text.Encode(text, TextRole.Passage, cancellationToken))
            : throw new NotSupportedException($"The model {Contract.Name} encodes no passages: it has a side for images.");
    }

    /// <summary>Token ids with the special tokens, untruncated and unpadded.</summary>
    /// <exception cref="NotSupportedException">The model takes no text.</exception>
    public IReadOnlyList<int> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Text.Tokenize(text);
    }

    /// <summary>How many tokens a text has, with the special ones; about, for a remote encoder whose folder has no tokenizer.</summary>
    /// <exception cref="NotSupportedException">The model takes no text.</exception>
    public int CountTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Text.CountTokens(text);
    }

    /// <summary>The same loaded model, to hand out to those who must not close it: disposing what this gives does nothing.</summary>
    public EncoderModel Share() => new(this);

    /// <summary>Frees the graphs. No other call may be running. Does nothing to a shared model; see <see cref="Share"/>.</summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _sessions.Dispose();
        }
    }

    private ImageTower Images => _images ?? throw new NotSupportedException($"The model {Contract.Name} takes no images.");

    private TextTower Text => _text ?? throw new NotSupportedException($"The model {Contract.Name} takes no text.");
}
