using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>The image side of a model. Thread-safe.</summary>
internal abstract class ImageTower
{
    /// <summary>Towers with the same value run the same graph on the same tensor, so that one run serves them all; null for one that shares
    /// nothing.</summary>
    public virtual string? SharedRun => null;

    public abstract PreparedImage Prepare(RgbImage image, ImageRole role);

    /// <summary>Encodes prepared images; what comes out for one does not depend on the others.</summary>
    public abstract IReadOnlyList<MultiVector> Encode(IReadOnlyList<PreparedImage> images, CancellationToken cancellationToken);

    /// <summary>Encodes one picture for several towers that share a run, this one among them; one result each, in their order.</summary>
    public virtual IReadOnlyList<EncodedImage> EncodeTogether(
        IReadOnlyList<ImageTower> towers, RgbImage image, ImageRole role, CancellationToken cancellationToken) =>
        [.. towers.Select(tower => new EncodedImage(tower.Encode([tower.Prepare(image, role)], cancellationToken)[0], []))];

    protected T Own<T>(PreparedImage image)
        where T : PreparedImage =>
        image is T prepared && ReferenceEquals(image.Owner, this)
            ? prepared
            : throw new ArgumentException("The image was prepared by another model.", nameof(image));
}
