using MultiVecRetrieval.Encoding.Preprocessing;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>The input of one picture whose size decides the input, and the tokens that it stands among.</summary>
internal sealed class PreparedPicture(object owner, PictureInput input, long[] ids, long[] mask) : PreparedImage(owner)
{
    public PictureInput Input { get; } = input;

    /// <summary>Token ids with the image tokens among them; empty for a model without a prompt.</summary>
    public long[] Ids { get; } = ids;

    /// <summary>1 per token that counts.</summary>
    public long[] Mask { get; } = mask;
}
