namespace MultiVecRetrieval.Encoding;

/// <summary>What a picture is to an encoder that reads text: the size of its text is known for a page, unknown for a photo.</summary>
public enum ImageRole
{
    /// <summary>A page when its longer side is exactly <see cref="ModelContract.PageLongSideInPixels"/>, else a picture.</summary>
    Detect = 0,

    /// <summary>A document page rendered at the size that the model asks for.</summary>
    Page = 1,

    /// <summary>A photo, drawing or video frame: text of any size.</summary>
    Picture = 2,
}
