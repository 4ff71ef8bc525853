using Microsoft.Extensions.AI;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData;

/// <summary>Embeddings of texts and pictures by a model of a library that gives one vector an input.</summary>
/// <remarks>It does not close the library. Thread-safe. <see cref="EmbeddingGenerationOptions.Dimensions"/> shortens the vectors of a
/// model that allows it.</remarks>
public sealed class LibraryEmbeddingGenerator
    : IEmbeddingGenerator<string, Embedding<float>>, IEmbeddingGenerator<DataContent, Embedding<float>>, IQueryEmbedder
{
    private readonly ModelInputs _inputs;

    /// <summary>A generator over a model; loads the model.</summary>
    /// <param name="library">The library; it must outlive the generator.</param>
    /// <param name="model">Name or folder of the model.</param>
    /// <param name="options">How inputs are read; null for the defaults.</param>
    /// <exception cref="ModelNotFoundException">No folder has the name of the model.</exception>
    /// <exception cref="ArgumentException">The model gives many vectors an input.</exception>
    public LibraryEmbeddingGenerator(Library library, string model, LibraryEmbeddingOptions? options = null)
    {
        _inputs = new ModelInputs(library, model, options);
        if (_inputs.Contract.IsMultiVector)
        {
            throw new ArgumentException(
                $"The model {_inputs.Contract.Name} gives many vectors an input; {nameof(MultiVectorEmbeddingGenerator)} is for it.", nameof(model));
        }
    }

    /// <summary>Embeddings of texts, in their order.</summary>
    /// <exception cref="InvalidInputException">The model does not take a text, a text is too long for it, or its vectors cannot be
    /// shortened.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return _inputs.GenerateAsync(values, options, Make, cancellationToken);
    }

    /// <summary>Embeddings of pictures, in their order.</summary>
    /// <exception cref="ArgumentException">A content is no picture.</exception>
    /// <exception cref="InvalidInputException">The model does not take pictures, or one cannot be decoded.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
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

    private static Embedding<float> Make(MultiVector rows, int index) => rows.RowCount == 1
        ? new Embedding<float>(rows.Row(0).ToArray())
        : throw new InvalidOperationException($"The model made {rows.RowCount} vectors of input[{index}]; expected one.");
}
