using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>What encodes queries for a space.</summary>
/// <param name="Space">The space.</param>
/// <param name="Contract">What the model can do.</param>
/// <param name="Folder">The model.</param>
/// <param name="Bridge">What leads its rows into the space; null when the space is its own.</param>
internal sealed record QueryEncoder(Space Space, ModelContract Contract, string Folder, BebrCodec? Bridge)
{
    /// <summary>Rows of the model as rows of the space.</summary>
    public MultiVector Lead(MultiVector rows)
        => Bridge is null || rows.RowCount == 0 ? rows : new MultiVector(Space.Dimension, Bridge.Transform(rows.Values));

    /// <exception cref="ArgumentException">The binariser leads nowhere in this collection.</exception>
    /// <exception cref="DimensionMismatchException">The space has rows of another length than the binariser makes.</exception>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    /// <exception cref="ModelNotFoundException">The model is not there.</exception>
    public static QueryEncoder Create(IReadOnlyList<Space> spaces, QueryBridge bridge, ModelShelf models)
    {
        (BebrCodec codec, BinarizerReport report) = (bridge.Binarizer.Codec, bridge.Binarizer.Report);
        if (!codec.IsCompatible)
        {
            throw new ArgumentException(
                "The binariser was not trained for an old model (mvr binarizer train --old), so it leads from no space to another.");
        }

        if (report.IsBehindOldHead)
        {
            throw new ArgumentException(
                "The binariser leads to codes behind a learned head of the old model; a search scores rows, which are not behind it. Train it with an --old that kept its closed form.");
        }

        int dimension = codec.Inner.Dimension;
        Space space = bridge.Space is { } name
            ? spaces.FirstOrDefault(known => known.Name == name)
                ?? throw new UnknownSpaceException(name, [.. spaces.Select(known => known.Name)])
            : spaces.FirstOrDefault(known => known.Dimension == dimension)
                ?? throw new ArgumentException($"The binariser leads to rows of {dimension} values; no space of the collection has such.");
        if (space.Dimension != dimension)
        {
            throw new DimensionMismatchException(space.Name, space.Dimension, dimension);
        }

        string folder = models.Find(bridge.Model);
        ModelContract contract = models.GetContract(folder);
        return contract.Dimension == codec.Dimension
            ? new QueryEncoder(space, contract, folder, codec)
            : throw new ArgumentException(
                $"The binariser takes rows of {codec.Dimension} values, the model {contract.Name} makes rows of {contract.Dimension}.");
    }
}
