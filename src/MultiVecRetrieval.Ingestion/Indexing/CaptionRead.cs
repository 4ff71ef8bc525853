using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Gives a picture or video the text that stands beside it, to be found by its words and its meaning.</summary>
internal static class CaptionRead
{
    /// <summary>Reads it; call it before the parts that the entry waits for are settled. Without it the entry is found by what it
    /// shows.</summary>
    /// <returns>True when there is one.</returns>
    public static bool Read(DocumentWork document, ReadContext context)
    {
        try
        {
            if (context.Sidecars.ReadLayer(document.File.FullPath) is not { } caption)
            {
                return false;
            }

            document.SetText(0, caption);
            if (document.PassageEncoders.Count > 0)
            {
                document.ExpectMore(0, pictureCount: 1);
                document.DeliverPassages(
                    0, part: int.MaxValue, passages => passages.EncodeSection(caption, context.CancellationToken),
                    context.CancellationToken);
            }

            return true;
        }
        catch (Exception error) when (error is MediaException or IOException or UnauthorizedAccessException)
        {
            document.Note(0, $"the text beside it could not be read: {FailureReason.Of(error).Reason}");
            return false;
        }
    }
}
