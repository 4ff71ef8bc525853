using Microsoft.Extensions.AI;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData;

/// <summary>Encodes texts and pictures by a model of a library, for both kinds of generators.</summary>
internal sealed class ModelInputs
{
    private const string ProviderName = "multivecretrieval";

    private readonly Library _library;
    private readonly string _model;
    private readonly LibraryEmbeddingOptions _options;

    public ModelInputs(Library library, string model, LibraryEmbeddingOptions? options)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentException.ThrowIfNullOrEmpty(model);
        _library = library;
        _model = model;
        _options = options ?? new LibraryEmbeddingOptions();
        Contract = library.GetEncoder(model).Contract;
        Metadata = new EmbeddingGeneratorMetadata(ProviderName, providerUri: null, Contract.Name, Contract.Dimension);
    }

    public ModelContract Contract { get; }

    public EmbeddingGeneratorMetadata Metadata { get; }

    public Library Library => _library;

    /// <summary>Embeddings of all values, in their order.</summary>
    public async Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync<TEmbedding>(
        IEnumerable<object> values, EmbeddingGenerationOptions? options, Func<MultiVector, int, TEmbedding> make,
        CancellationToken cancellationToken)
        where TEmbedding : Embedding
    {
        EncodeInput[] inputs = [.. values.Select((value, index) => ToInput(value, index, _options.Role))];
        IReadOnlyList<EncodedInput> encoded = await EncodeAsync(inputs, options, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        GeneratedEmbeddings<TEmbedding> embeddings = new(encoded.Select((one, index) =>
        {
            TEmbedding embedding = make(one.Rows, index);
            embedding.ModelId = options?.ModelId ?? Contract.Name;
            embedding.CreatedAt = now;
            return embedding;
        }));
        long tokens = encoded.Sum(one => (long)one.TokenCount);
        embeddings.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return embeddings;
    }

    public async Task<MultiVector> EncodeQueryAsync(object value, CancellationToken cancellationToken) =>
        (await EncodeAsync([ToInput(value, 0, TextRole.Query)], options: null, cancellationToken).ConfigureAwait(false))[0].Rows;

    private Task<IReadOnlyList<EncodedInput>> EncodeAsync(
        EncodeInput[] inputs, EmbeddingGenerationOptions? options, CancellationToken cancellationToken) => _library.EncodeAsync(
            new EncodeRequest
            {
                Model = options?.ModelId is { } model && model != Contract.Name ? model : _model,
                Inputs = inputs,
                Dimension = options?.Dimensions,
                Truncates = _options.Truncates,
            },
            cancellationToken);

    private static EncodeInput ToInput(object value, int index, TextRole role) => value switch
    {
        string text => new EncodeInput { Name = $"input[{index}]", Text = text, Role = role },
        DataContent content when content.HasTopLevelMediaType("image") =>
            new EncodeInput { Name = $"input[{index}]", ImageBytes = content.Data },
        DataContent content => throw new ArgumentException(
            $"input[{index}] is {content.MediaType}; a model takes pictures (image/*).", nameof(value)),
        _ => throw new ArgumentException($"input[{index}] is a {value?.GetType().Name ?? "null"}; a model takes texts and pictures."),
    };
}
