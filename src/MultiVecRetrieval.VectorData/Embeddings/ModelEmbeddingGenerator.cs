using Microsoft.Extensions.AI;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData;

/// <summary>Embeddings of texts and pictures by a model of a library.</summary>
/// <typeparam name="TEmbedding">One vector an input, or many.</typeparam>
/// <remarks>It does not close the library. Thread-safe. <see cref="EmbeddingGenerationOptions.Dimensions"/> shortens the vectors of a
/// model that allows it.</remarks>
public abstract class ModelEmbeddingGenerator<TEmbedding>
    : IEmbeddingGenerator<string, TEmbedding>, IEmbeddingGenerator<DataContent, TEmbedding>, IQueryEmbedder
    where TEmbedding : Embedding
{
    private readonly ModelInputs _inputs;

    private protected ModelEmbeddingGenerator(ModelInputs inputs) => _inputs = inputs;

    /// <summary>Embeddings of texts, in their order.</summary>
    /// <exception cref="InvalidInputException">The model does not take a text, a text is too long for it, or its vectors cannot be
    /// shortened.</exception>
    public Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return _inputs.GenerateAsync(values, options, Make, cancellationToken);
    }

    /// <summary>Embeddings of pictures, in their order.</summary>
    /// <exception cref="ArgumentException">A content is no picture.</exception>
    /// <exception cref="InvalidInputException">The model does not take pictures, or one cannot be decoded.</exception>
    public Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<DataContent> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return _inputs.GenerateAsync(values, options, Make, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _inputs.Metadata
            : serviceType == typeof(Library) ? _inputs.Library
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: the library closes the model.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    Task<MultiVector> IQueryEmbedder.EmbedQueryAsync(object value, CancellationToken cancellationToken) =>
        _inputs.EncodeQueryAsync(value, cancellationToken);

    private protected abstract TEmbedding Make(MultiVector rows, int index);
}
