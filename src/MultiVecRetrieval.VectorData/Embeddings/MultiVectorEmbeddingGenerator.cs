using Microsoft.Extensions.AI;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData;

/// <summary>Embeddings of many vectors of texts and pictures by a model of a library, to be compared by MaxSim.</summary>
/// <remarks>It does not close the library. Thread-safe. <see cref="EmbeddingGenerationOptions.Dimensions"/> shortens the vectors of a
/// model that allows it.</remarks>
public sealed class MultiVectorEmbeddingGenerator
    : IEmbeddingGenerator<string, MultiVectorEmbedding>, IEmbeddingGenerator<DataContent, MultiVectorEmbedding>, IQueryEmbedder
{
    private readonly ModelInputs _inputs;

    /// <summary>A generator over a model; loads the model.</summary>
    /// <param name="library">The library; it must outlive the generator.</param>
    /// <param name="model">Name or folder of the model.</param>
    /// <param name="options">How inputs are read; null for the defaults.</param>
    /// <exception cref="ModelNotFoundException">No folder has the name of the model.</exception>
    public MultiVectorEmbeddingGenerator(Library library, string model, LibraryEmbeddingOptions? options = null)
    {
        _inputs = new ModelInputs(library, model, options);
    }

    /// <summary>Embeddings of texts, in their order.</summary>
    /// <exception cref="InvalidInputException">The model does not take a text, a text is too long for it, or its vectors cannot be
    /// shortened.</exception>
    public Task<GeneratedEmbeddings<MultiVectorEmbedding>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return _inputs.GenerateAsync(values, options, Make, cancellationToken);
    }

    /// <summary>Embeddings of pictures, in their order.</summary>
    /// <exception cref="ArgumentException">A content is no picture.</exception>
    /// <exception cref="InvalidInputException">The model does not take pictures, or one cannot be decoded.</exception>
    public Task<GeneratedEmbeddings<MultiVectorEmbedding>> GenerateAsync(
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
    public void Dispose()
    {
    }

    Task<MultiVector> IQueryEmbedder.EmbedQueryAsync(object value, CancellationToken cancellationToken) =>
        _inputs.EncodeQueryAsync(value, cancellationToken);

    private static MultiVectorEmbedding Make(MultiVector rows, int index) => new(rows);
}
