using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding;

/// <summary>What was found out about a model folder, and why.</summary>
public sealed record ModelContract
{
    /// <summary>The folder's name; the default name of its space.</summary>
    public required string Name { get; init; }

    /// <summary>The family of models it belongs to: clip, siglip, page-words, ...; for people, nothing depends on it.</summary>
    public required string Family { get; init; }

    /// <summary>The space its vectors live in: a hash of graphs, preprocessing, prompt profile and pooling.</summary>
    public required SpaceId SpaceId { get; init; }

    /// <summary>The space, filled by another encoder, that this model encodes queries for; it indexes nothing. Null for a model of its own
    /// space, <see cref="SpaceId"/>.</summary>
    public SpaceId? QuerySpace { get; init; }

    /// <summary>d, the length of a row.</summary>
    public required int Dimension { get; init; }

    /// <summary>True when the leading values of a row, brought to length 1, are a shorter row of their own (Matryoshka representation
    /// learning): encoder.json says <c>matryoshkaDimension</c>, which may be all of them.</summary>
    public bool CanShorten { get; init; }

    /// <summary>True when an image gives several rows.</summary>
    public required bool IsMultiVector { get; init; }

    /// <summary>True when it takes images.</summary>
    public required bool EncodesImages { get; init; }

    /// <summary>True when it takes text.</summary>
    public required bool EncodesText { get; init; }

    /// <summary>Frames, evenly spaced, of which it makes one vector of a video; 0 for a model that takes no videos.</summary>
    public int VideoFrameCount { get; init; }

    /// <summary>True for a sentence encoder: both sides are text, and what is stored are rows of sections.</summary>
    public bool EncodesPassages => EncodesText && !EncodesImages && QuerySpace is null;

    /// <summary>Tokens that a passage has at most when text is cut for this model; 0 for a model that encodes none.</summary>
    public int PassageTokens { get; init; }

    /// <summary>Tasks for which it has other words around a query: a question may name one. The vectors that are stored have the words of
    /// the model's own task, whichever a question names. Empty for most models.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>True when its text side knows languages in Latin letters only.</summary>
    public bool ReadsLatinOnly { get; init; }

    /// <summary>False for a text whose letters the model does not know for the most part.</summary>
    public bool CanRead(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!ReadsLatinOnly)
        {
            return true;
        }

        int letters = text.Count(char.IsLetter);
        return 2 * text.Count(c => char.IsLetter(c) && c is < '\u0250' or (>= '\u1E00' and <= '\u1EFF')) >= letters;
    }

    /// <summary>Longer side, in pixels, at which a document page should be rendered for this model.</summary>
    public required int PageLongSideInPixels { get; init; }

    /// <summary>True when it finds meaning in pictures; false when it only reads visible words.</summary>
    public required bool IsSemantic { get; init; }

    /// <summary>True when document pages are encoded; false for a model of photographs.</summary>
    public bool ReadsPages { get; init; } = true;

    /// <summary>True when a picture is a question that it answers: pictures that show the same.</summary>
    public bool ComparesPictures { get; init; }

    /// <summary>True when it names what a picture shows: <see cref="EncodedImage.Tags"/>.</summary>
    public bool GivesTags { get; init; }

    /// <summary>Pixels that it sees of a picture, whatever the picture's size: 50,176 where all are brought to 224 x 224. Null where the
    /// size of the picture decides, or nobody knows.</summary>
    public int? PicturePixels { get; init; }

    /// <summary>True when it says how important each row of an image is: <see cref="MultiVector.Saliency"/>, for reductions.</summary>
    public bool GivesSaliency { get; init; }

    /// <summary>What <see cref="PresenceWidth"/> is where a model says nothing.</summary>
    public const double DefaultPresenceWidth = 0.1;

    /// <summary>
    /// Inner product of a query row and an image row from which what was asked for is taken to be there, in (-1, 1]; null when the
    /// model has no such value. It says how matches are shown and ranks nothing, so it is no part of <see cref="SpaceId"/>.
    /// </summary>
    public double? PresenceSimilarity { get; init; }

    /// <summary>How far above <see cref="PresenceSimilarity"/> a match is nearly certain, and how far below it nearly excluded; in (0, 1].
    /// It weighs sides of a search against each other and is no part of <see cref="SpaceId"/> either.</summary>
    public double PresenceWidth { get; init; } = DefaultPresenceWidth;

    /// <summary>What <see cref="CopySimilarity"/> is where a model says nothing.</summary>
    public const double DefaultCopySimilarity = 0.95;

    /// <summary>
    /// Similarity from which two pictures are taken for copies of one another, in (0, 1]: the mean, in both directions, of the best
    /// inner product of each row. Reports go by it; it ranks nothing and is no part of <see cref="SpaceId"/>.
    /// </summary>
    public double CopySimilarity { get; init; } = DefaultCopySimilarity;

    /// <summary>What was detected and which file said so, for instance "resize" → "bicubic, shortest side 224
    /// (preprocessor_config.json)".</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>What may be wrong with the folder, for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
