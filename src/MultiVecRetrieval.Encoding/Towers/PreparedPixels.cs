namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>The input tensor of one picture and the size of the picture it came from.</summary>
internal sealed class PreparedPixels(object owner, float[] tensor, int imageWidth, int imageHeight) : PreparedImage(owner)
{
    /// <summary>[3 × height × width].</summary>
    public float[] Tensor { get; } = tensor;

    public int ImageWidth { get; } = imageWidth;

    public int ImageHeight { get; } = imageHeight;
}
