using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Reads one page of a picture file that holds several: a scan in a TIFF.</summary>
/// <param name="document">The document.</param>
/// <param name="page">Page number, from 1.</param>
/// <param name="directory">Position of its directory in the file, from 0.</param>
internal sealed class ScanRead(DocumentWork document, int page, int directory) : ReadJob(document)
{
    public override void Read(ReadContext context)
    {
        RgbImage image;
        try
        {
            image = context.Images.DecodeFile(Document.File.FullPath, directory, damage => Document.Note(page - 1, damage));
        }
        catch (MediaException error)
        {
            Document.FailPicture(page - 1, error.Reason, error.Setting);
            return;
        }

        Document.LookForText(page - 1, context);
        Document.SetEntry(page - 1, entry => entry with { Width = image.Width, Height = image.Height });
        context.Emit(new PictureJob
        {
            Document = Document,
            Image = image,
            EntryIndex = page - 1,
            Part = 0,
            Encoders = Document.PictureEncoders,
            Role = ImageRole.Picture,
            HasFingerprint = true,
        });
    }
}
