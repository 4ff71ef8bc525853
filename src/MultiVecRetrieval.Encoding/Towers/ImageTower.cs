using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>The image side of a model. Thread-safe.</summary>
internal abstract class ImageTower
{
    public abstract PreparedImage Prepare(RgbImage image, ImageRole role);

    /// <summary>Encodes prepared images; what comes out for one does not depend on the others.</summary>
    public abstract IReadOnlyList<MultiVector> Encode(IReadOnlyList<PreparedImage> images, CancellationToken cancellationToken);

    protected T Own<T>(PreparedImage image)
        where T : PreparedImage =>
        image is T prepared && ReferenceEquals(image.Owner, this)
            ? prepared
            : throw new ArgumentException("The image was prepared by another model.", nameof(image));
}
