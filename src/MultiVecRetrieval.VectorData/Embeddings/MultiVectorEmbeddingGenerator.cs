using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData;

/// <summary>Embeddings of many vectors of texts and pictures by a model of a library, to be compared by MaxSim.</summary>
public sealed class MultiVectorEmbeddingGenerator : ModelEmbeddingGenerator<MultiVectorEmbedding>
{
    /// <summary>A generator over a model; loads the model.</summary>
    /// <param name="library">The library; it must outlive the generator.</param>
    /// <param name="model">Name or folder of the model.</param>
    /// <param name="options">How inputs are read; null for the defaults.</param>
    /// <exception cref="ModelNotFoundException">No folder has the name of the model.</exception>
    public MultiVectorEmbeddingGenerator(Library library, string model, LibraryEmbeddingOptions? options = null)
        : base(new ModelInputs(library, model, options))
    {
    }

    private protected override MultiVectorEmbedding Make(MultiVector rows, int index) => new(rows);
}
