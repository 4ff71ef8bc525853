namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>A picture as it is sent.</summary>
internal sealed class PreparedRemoteImage(object owner, string png) : PreparedImage(owner)
{
    /// <summary>A PNG file in base64.</summary>
    public string Png { get; } = png;
}
