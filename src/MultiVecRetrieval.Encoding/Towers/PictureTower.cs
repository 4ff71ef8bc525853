using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Encodes pictures whose size decides the input: tiles, merged patches, patches up to a budget.</summary>
internal sealed class PictureTower(PictureProcessor processor, PictureRunner runner) : ImageTower
{
    public override PreparedImage Prepare(RgbImage image, ImageRole role) => runner.Prepare(this, processor.Apply(image));

    public override IReadOnlyList<MultiVector> Encode(IReadOnlyList<PreparedImage> images, CancellationToken cancellationToken)
    {
        PreparedPicture[] pictures = [.. images.Select(Own<PreparedPicture>)];
        return [.. pictures.Select(picture =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return runner.Encode(picture);
        })];
    }
}
