using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Reads an image: one entry, one picture.</summary>
internal sealed class ImageRead(DocumentWork document) : ReadJob(document)
{
    private const int BytesPerPixel = 3;

    public override void Read(ReadContext context)
    {
        (int width, int height) = context.Images.ReadSize(Document.File.FullPath);
        Action release = context.Reserve((long)width * height * BytesPerPixel);
        try
        {
            RgbImage image = context.Images.DecodeFile(Document.File.FullPath);
            Document.SetEntry(0, entry => entry with { Width = image.Width, Height = image.Height });
            context.Emit(new PictureJob
            {
                Document = Document,
                Image = image,
                EntryIndex = 0,
                Part = 0,
                Encoders = Document.Encoders,
                Role = ImageRole.Picture,
                HasFingerprint = true,
                Released = release,
            });
        }
        catch
        {
            release();
            throw;
        }
    }
}
