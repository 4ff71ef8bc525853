using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Encoding.Towers;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>Encodes pictures by a remote encoder.</summary>
/// <param name="client">The encoder.</param>
/// <param name="description">What it declares.</param>
/// <param name="matryoshkaDimension">Leading values of a vector that are kept; null for all.</param>
internal sealed class RemoteImageTower(RemoteClient client, RemoteDescription description, int? matryoshkaDimension) : ImageTower
{
    private readonly int _dimension = matryoshkaDimension ?? description.Dimension;

    public override PreparedImage Prepare(RgbImage image, ImageRole role)
    {
        int longSide = Math.Max(image.Width, image.Height);
        RgbImage sent = longSide <= description.MaxImageSide
            ? image
            : PillowResampler.Resize(image, Shorten(image.Width, longSide), Shorten(image.Height, longSide), ResampleFilter.Bicubic);
        return new PreparedRemoteImage(this, Convert.ToBase64String(PngWriter.Write(sent)));
    }

    public override IReadOnlyList<MultiVector> Encode(IReadOnlyList<PreparedImage> images, CancellationToken cancellationToken)
    {
        RemoteInput[] inputs = [.. images.Select(image => new RemoteInput(
            Text: null, Own<PreparedRemoteImage>(image).Png, description.ImageTask))];
        return [.. client.Encode(inputs, cancellationToken).Select(values => new MultiVector(
            _dimension,
            RowPooling.Pool(
                values, description.Dimension, Pooling.Rows, mask: [], layerNormalize: false, keptDimension: matryoshkaDimension),
            Places(values.Length / description.Dimension)))];
    }

    private int Shorten(int side, int longSide) => Math.Max(1, (int)((long)side * description.MaxImageSide / longSide));

    private Place[] Places(int rowCount)
    {
        if (description.ImageGrid is not { } grid)
        {
            return [.. Enumerable.Repeat(Place.Whole, rowCount)];
        }

        int needed = grid.FirstRow + (grid.Rows * grid.Columns);
        PatchGrid patches = new(grid.FirstRow, grid.Rows, grid.Columns);
        return rowCount >= needed
            ? [.. Enumerable.Range(0, rowCount).Select(patches.GetPlace)]
            : throw new RemoteEncoderException(
                description.ShownEndpoint,
                FormattableString.Invariant($"a picture has {rowCount} rows, imageGrid of {RemoteDescription.FileName} needs {needed}."));
    }
}
