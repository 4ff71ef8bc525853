namespace MultiVecRetrieval.Encoding;

/// <summary>A picture prepared for a model: resized, cropped, normalised tensors and the mapping of rows to places.</summary>
/// <remarks>Made by <see cref="EncoderModel.Prepare"/>; only the model that made it can encode it.</remarks>
public abstract class PreparedImage
{
    private protected PreparedImage(object owner) => Owner = owner;

    // The tower that prepared the image: a tensor of another model would be encoded without complaint, and wrongly.
    internal object Owner { get; }
}
