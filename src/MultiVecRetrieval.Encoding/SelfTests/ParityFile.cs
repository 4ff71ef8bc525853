using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>The file <c>parity.json</c> of a model folder: inputs with the vectors that the reference gives for them.</summary>
internal sealed record ParityFile
{
    public const string FileName = "parity.json";

    private const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Version of the format: 1.</summary>
    public required int Version { get; init; }

    /// <summary>What made the vectors, for people.</summary>
    public string? Source { get; init; }

    /// <summary>Cosine that every row has at least with the reference's, in (0, 1].</summary>
    public double MinimumCosine { get; init; } = 0.999;

    public required IReadOnlyList<ParityItem> Items { get; init; }

    /// <summary>Reads the file of a folder; null when there is none.</summary>
    /// <exception cref="ModelFormatException">It cannot be used; the message says why.</exception>
    public static ParityFile? TryRead(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        ParityFile file;
        try
        {
            using FileStream stream = File.OpenRead(path);
            file = JsonSerializer.Deserialize<ParityFile>(stream, Json) ?? throw new ModelFormatException(folder, $"{FileName} is null.");
        }
        catch (JsonException error)
        {
            throw new ModelFormatException(folder, $"{FileName}: {error.Message}", error);
        }

        string? problem = file.Version != CurrentVersion ? $"its version is {file.Version}, {CurrentVersion} is read"
            : file.MinimumCosine is not (> 0 and <= 1) ? "minimumCosine lies above 0 and is at most 1"
            : file.Items.Count == 0 ? "it has no items"
            : file.Items.Select(item => item.FindProblem()).FirstOrDefault(found => found is not null);
        return problem is null ? file : throw new ModelFormatException(folder, $"{FileName}: {problem}.");
    }

    /// <summary>Writes what a model gives for the built-in inputs.</summary>
    public static void Write(EncoderModel model, string path, CancellationToken cancellationToken)
    {
        List<ParityItem> items = [];
        foreach (string text in model.Contract.EncodesText ? Probes.Texts : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            items.Add(ParityItem.Create(model.EncodeText(text, cancellationToken).Rows) with { Text = text, Role = ParityItem.Query });
            if (model.Contract.EncodesPassages)
            {
                items.Add(ParityItem.Create(model.EncodePassage(text, cancellationToken).Rows) with
                {
                    Text = text,
                    Role = ParityItem.Passage,
                });
            }
        }

        for (int seed = 0; model.Contract.EncodesImages && seed < Probes.PictureCount; seed++)
        {
            RgbImage picture = Probes.Picture(seed);
            items.Add(ParityItem.Create(model.EncodeImage(picture, cancellationToken)) with
            {
                Picture = new ParityPicture(picture.Width, picture.Height, seed),
            });
        }

        ParityFile file = new()
        {
            Version = CurrentVersion,
            Source = $"{model.Contract.Name}, space {model.Contract.SpaceId}",
            Items = items,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(file, Json) + "\n");
    }
}
