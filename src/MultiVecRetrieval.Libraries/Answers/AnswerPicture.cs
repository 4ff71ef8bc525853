namespace MultiVecRetrieval;

/// <summary>A picture of a source.</summary>
/// <param name="Number">Number of the source.</param>
/// <param name="Jpeg">The picture as a JPEG file.</param>
public sealed record AnswerPicture(int Number, ReadOnlyMemory<byte> Jpeg)
{
    /// <summary>The picture as an address that holds it.</summary>
    public string DataUri => "data:image/jpeg;base64," + Convert.ToBase64String(Jpeg.Span);
}
