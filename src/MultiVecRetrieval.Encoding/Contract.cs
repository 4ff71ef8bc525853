// The agreed public surface; each type moves to a file of its own when it is built.
#pragma warning disable CS1573, CS1574, CS1584, CS1658, CS1591, CA1711, CA1822, CA1024, CA1065, IDE0060
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding;

public enum ExecutionProvider { Cpu = 0, Cuda = 1 }

public sealed record EncoderOptions
{
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Cpu;
    /// <summary>Threads inside one inference; 1 is best when several images are encoded side by side. In [0, 256], 0 = all.</summary>
    public int IntraOpThreads { get; init; } = 1;
}

/// <summary>What was found out about a model folder, and why; printed by `mvr doctor` and `mvr models`.</summary>
public sealed record ModelContract
{
    public required string Name { get; init; }              // folder name, used as the default space name
    public required string Family { get; init; }            // clip, siglip, ..., page-words
    public required SpaceId SpaceId { get; init; }
    public required int Dimension { get; init; }
    public required bool IsMultiVector { get; init; }       // several rows per image
    public required bool EncodesImages { get; init; }
    public required bool EncodesText { get; init; }
    /// <summary>Longer side, in pixels, at which a document page should be rendered for this model.</summary>
    public required int PageLongSideInPixels { get; init; }
    /// <summary>True when it finds meaning in pictures; false when it only reads visible words.</summary>
    public required bool IsSemantic { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = []; // "resize" -> "bicubic, shortest side 224 (preprocessor_config.json)"
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A picture prepared for a model: resized, cropped, normalised tensors and the mapping of rows to places.</summary>
public abstract class PreparedImage { }

/// <summary>A text query as rows: one row for CLIP, one per word or token for late interaction.</summary>
/// <param name="Labels">One per row: the word or token it stands for; the whole text for a single row.</param>
/// <param name="Notices">What was left out, for people ("2 words have no letters or digits").</param>
public sealed record EncodedText(MultiVector Rows, IReadOnlyList<string> Labels, IReadOnlyList<string> Notices);

/// <summary>An encoder loaded from a model folder. Thread-safe: Prepare and Encode may run side by side.</summary>
public sealed class EncoderModel : IDisposable
{
    /// <exception cref="ModelFormatException">The folder is no model that can be used; the message says what is missing.</exception>
    public static EncoderModel Load(string folder, EncoderOptions? options = null) => throw new NotSupportedException();
    /// <summary>Detects the contract without creating inference sessions where possible.</summary>
    public static ModelContract Inspect(string folder) => throw new NotSupportedException();

    public ModelContract Contract => throw new NotSupportedException();
    public PreparedImage Prepare(RgbImage image) => throw new NotSupportedException();
    /// <summary>One MultiVector per image, rows with places. Independent of the rest of the batch and of thread counts.</summary>
    public IReadOnlyList<MultiVector> Encode(IReadOnlyList<PreparedImage> images, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public MultiVector EncodeImage(RgbImage image, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public EncodedText EncodeText(string text, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>Token ids with the special tokens, untruncated and unpadded.</summary>
    public IReadOnlyList<int> Tokenize(string text) => throw new NotSupportedException();
    public void Dispose() { }
}

public class ModelFormatException(string folder, string reason) : Exception($"{folder} cannot be used as a model: {reason}")
{ public string Folder { get; } = folder; public string Reason { get; } = reason; }
