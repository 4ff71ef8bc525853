namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>A picture in gray at the scales that it is read at.</summary>
internal sealed class PreparedInk(object owner, IReadOnlyList<GrayPlane> scales) : PreparedImage(owner)
{
    public IReadOnlyList<GrayPlane> Scales { get; } = scales;
}
