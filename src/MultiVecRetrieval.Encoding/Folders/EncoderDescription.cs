using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The optional <c>encoder.json</c> of a model folder: what the other files do not say, or say wrongly. Every member is
/// optional.</summary>
internal sealed record EncoderDescription
{
    public const string FileName = "encoder.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Name of the family, for people and for its defaults.</summary>
    public string? Family { get; init; }

    /// <summary>False for a model that only reads visible words.</summary>
    public bool? IsSemantic { get; init; }

    /// <summary>Longer side at which pages are rendered.</summary>
    public int? PageLongSide { get; init; }

    /// <summary>Similarity from which a match is taken for real, in (-1, 1]; for a model whose similarities tell.</summary>
    public double? PresenceSimilarity { get; init; }

    /// <summary>Similarity above <see cref="PresenceSimilarity"/> at which a match is nearly certain, in (0, 1].</summary>
    public double? PresenceWidth { get; init; }

    /// <summary>Similarity from which two pictures are taken for copies of one another, in (0, 1].</summary>
    public double? CopySimilarity { get; init; }

    /// <summary>False for a model of photographs, to which a document page says nothing. True by default.</summary>
    public bool? ReadsPages { get; init; }

    /// <summary>False when a picture is no question to the model, only texts are. True by default for a model that is semantic.</summary>
    public bool? ComparesPictures { get; init; }

    /// <summary>d, when neither graph nor configuration says it.</summary>
    public int? Dimension { get; init; }

    /// <summary>Which of the family's prompts are used, where it has several by task; its usual ones by default.</summary>
    public string? Task { get; init; }

    /// <summary>Leading values of a vector that are kept, for a model trained so that they say most; all by default.</summary>
    public int? MatryoshkaDimension { get; init; }

    /// <summary>Name of a space that several folders share by declaration; the space's id is then made of it, not of graph and files. By
    /// default a folder has the space of its own files.</summary>
    public string? Space { get; init; }

    /// <summary>The space, by its id or its declared name, that another encoder fills and this folder encodes queries for; it indexes
    /// nothing then. By default a folder encodes both sides of its own space.</summary>
    public string? CompatibleWith { get; init; }

    /// <summary>The image side.</summary>
    public VisionDescription? Vision { get; init; }

    /// <summary>The video side.</summary>
    public VideoDescription? Video { get; init; }

    /// <summary>The text side.</summary>
    public TextDescription? Text { get; init; }

    /// <summary>Reads the folder's encoder.json; an empty description when there is none.</summary>
    /// <exception cref="ModelFormatException">The file is no valid description.</exception>
    public static EncoderDescription Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return new EncoderDescription();
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize<EncoderDescription>(file, Json)
                ?? throw new ModelFormatException(folder, $"{FileName} is null.");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(folder, $"{FileName}: {exception.Message}", exception);
        }
    }
}
