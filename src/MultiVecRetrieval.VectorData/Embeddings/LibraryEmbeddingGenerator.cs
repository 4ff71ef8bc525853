using Microsoft.Extensions.AI;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData;

/// <summary>Embeddings of texts and pictures by a model of a library that gives one vector an input.</summary>
public sealed class LibraryEmbeddingGenerator : ModelEmbeddingGenerator<Embedding<float>>
{
    /// <summary>A generator over a model; loads the model.</summary>
    /// <param name="library">The library; it must outlive the generator.</param>
    /// <param name="model">Name or folder of the model.</param>
    /// <param name="options">How inputs are read; null for the defaults.</param>
    /// <exception cref="ModelNotFoundException">No folder has the name of the model.</exception>
    /// <exception cref="ArgumentException">The model gives many vectors an input.</exception>
    public LibraryEmbeddingGenerator(Library library, string model, LibraryEmbeddingOptions? options = null)
        : base(Check(new ModelInputs(library, model, options), nameof(model)))
    {
    }

    private protected override Embedding<float> Make(MultiVector rows, int index) => rows.RowCount == 1
        ? new Embedding<float>(rows.Row(0).ToArray())
        : throw new InvalidOperationException($"The model made {rows.RowCount} vectors of input[{index}]; expected one.");

    private static ModelInputs Check(ModelInputs inputs, string parameter) => inputs.Contract.IsMultiVector
        ? throw new ArgumentException(
            $"The model {inputs.Contract.Name} gives many vectors an input; {nameof(MultiVectorEmbeddingGenerator)} is for it.", parameter)
        : inputs;
}
