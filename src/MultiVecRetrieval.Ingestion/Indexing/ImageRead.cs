using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// Reads an image: one entry and usually one picture. Of an animation some frames are looked at, and of a very tall or wide picture
/// also its pieces.
/// </summary>
internal sealed class ImageRead(DocumentWork document) : ReadJob(document)
{
    /// <summary>Frames of an animation that are looked at, evenly from the first to the last.</summary>
    public const int MaxFrames = 8;

    private const int BytesPerPixel = 3;

    public override void Read(ReadContext context)
    {
        string path = Document.File.FullPath;
        (int width, int height) = context.Images.ReadSize(path);
        int frameCount = CountFrames(context, path);
        int looked = Math.Min(frameCount, MaxFrames);
        if (looked < frameCount)
        {
            Document.Note(0, $"looked at {looked} of the {frameCount} frames of an animation");
        }

        int part = 0;
        bool isText = false;
        for (int i = 0; i < looked && !Document.IsOver; i++)
        {
            int frame = looked == 1 ? 0 : (int)((long)i * (frameCount - 1) / (looked - 1));
            Action release = context.Reserve((long)width * height * BytesPerPixel);
            try
            {
                RgbImage image = context.Images.DecodeFile(path, frame, damage => Document.Note(0, damage));
                isText |= i == 0 && TextLikelihood.IsLikely(image);
                List<(RgbImage Image, Place Box)> pieces = [.. PictureStrip.Cut(image)];
                Document.SetEntry(0, entry => entry with { Width = image.Width, Height = image.Height });
                List<(Place Box, List<SpaceEncoder> Encoders)> tiles = pieces.Count > 0 ? [] : CutTiles(context, image);
                Document.ExpectMore(0, pieces.Count + tiles.Count + 1);
                context.Emit(Job(image, part++, box: null, release, Document.PictureEncoders));
                foreach ((RgbImage piece, Place box) in pieces)
                {
                    context.Emit(Job(piece, part++, box, released: null, Document.PictureEncoders));
                }

                foreach ((Place box, List<SpaceEncoder> encoders) in tiles)
                {
                    Action releaseTile = context.Reserve(
                        (long)((box.Right - box.Left) * width) * (long)((box.Bottom - box.Top) * height) * BytesPerPixel);
                    context.Emit(Job(image.Crop(box), part++, box, releaseTile, encoders, isTile: true));
                }
            }
            catch
            {
                release();
                throw;
            }
        }

        if (!CaptionRead.Read(Document, context) && isText)
        {
            Document.LookForText(0, context);
        }

        // Settles the picture that the entry was announced with, so that it became whole only now.
        Document.DeliverNothing(0);
    }

    private int CountFrames(ReadContext context, string path)
    {
        MediaFormat format = MediaSniffer.DetectFile(path);
        if (format == MediaFormat.Png && AnimatedPng.CountFrames(path) is > 1 and var count)
        {
            Document.Note(0, $"looked at the first of the {count} frames of an animated PNG");
        }

        return format is MediaFormat.Gif or MediaFormat.WebP ? context.Images.CountFrames(path) : 1;
    }

    // Models that see a picture of any size at one size, and are asked in words; those of likeness know its cells already.
    private List<(Place Box, List<SpaceEncoder> Encoders)> CutTiles(ReadContext context, RgbImage image) =>
    [
        .. Document.PictureEncoders
            .Where(encoder => encoder.Contract is { PicturePixels: not null, EncodesText: true })
            .SelectMany(encoder => PictureTiles
                .Cut(image.Width, image.Height, encoder.Contract.PicturePixels!.Value, context.Options.PictureTiles)
                .Select(box => (Box: box, Encoder: encoder)))
            .GroupBy(tile => tile.Box, tile => tile.Encoder)
            .Select(tile => (tile.Key, tile.ToList())),
    ];

    private PictureJob Job(
        RgbImage image, int part, Place? box, Action? released, IReadOnlyList<SpaceEncoder> encoders, bool isTile = false) => new()
        {
            Document = Document,
            Image = image,
            EntryIndex = 0,
            Part = part,
            Encoders = encoders,
            Role = ImageRole.Picture,
            Box = box,
            HasFingerprint = part == 0,
            GivesTags = !isTile,
            Released = released,
        };
}
