using MetadataExtractor.Formats.Xmp;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Sidecars;

/// <summary>Reads what stands beside a picture, a video or a PDF: a text that describes it, and metadata in XMP.</summary>
/// <param name="limits">Bounds on text.</param>
internal sealed class SidecarReader(MediaLimits limits)
{
    private const long MaxXmpLength = 4 << 20;
    // A note is all that is kept of it, so it is kept whole; that of a picture is the text of its entry as well.
    private const int MaxDescriptionLength = 2 * (int)SidecarFiles.MaxPdfNoteLength;

    /// <summary>The fields of a document that the files beside it give: those of <see cref="PictureMetadata"/>; a text is its
    /// <c>description</c>.</summary>
    /// <exception cref="MediaException">A file cannot be used.</exception>
    public IReadOnlyDictionary<string, MetadataValue> ReadMetadata(string owner)
    {
        Dictionary<string, MetadataValue> fields = [];
        foreach (string xmp in SidecarFiles.FindMetadata(owner))
        {
            foreach ((string name, MetadataValue value) in ReadXmp(xmp))
            {
                fields.TryAdd(name, value);
            }
        }

        if (ReadText(owner) is { } text)
        {
            string description = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            TextMetadata.Add(fields, "description", description, MaxDescriptionLength);
        }

        return fields;
    }

    /// <summary>The text beside a picture or video as the text of its entry, which it describes as a whole; null for none.</summary>
    /// <exception cref="MediaException">The file cannot be used.</exception>
    public TextLayer? ReadLayer(string owner) => ReadText(owner) is not { } text || string.IsNullOrWhiteSpace(text)
        ? null
        : SectionLayer.Of(text) is var layer
            ? layer with { Words = [.. layer.Words.Select(word => word with { Place = Place.Whole })] }
            : null;

    private string? ReadText(string owner)
    {
        // Where a file system does not tell names by case, one file has several; what is said twice is read once.
        List<string> texts = [];
        foreach (string path in SidecarFiles.FindTexts(owner))
        {
            string text = TextDecoder.Decode(ReadBytes(path, limits.MaxPageTextLength));
            texts.Add(text);
            long length = texts.Sum(part => (long)part.Length);
            if (length > limits.MaxPageTextLength)
            {
                throw TooLong(path, length, limits.MaxPageTextLength);
            }
        }

        return texts.Count > 0 ? string.Join("\n\n", texts.Distinct(StringComparer.Ordinal)) : null;
    }

    private static IReadOnlyDictionary<string, MetadataValue> ReadXmp(string path)
    {
        byte[] bytes = ReadBytes(path, MaxXmpLength);
        string text = TextDecoder.Decode(bytes);
        if (text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) || text.Contains("<!ENTITY", StringComparison.OrdinalIgnoreCase))
        {
            throw new MediaException($"{Path.GetFileName(path)} declares entities, which XMP has none of.");
        }

        XmpDirectory directory = new XmpReader().Extract(System.Text.Encoding.UTF8.GetBytes(text));
        return directory.HasError
            ? throw new MediaException($"{Path.GetFileName(path)} is no XMP: {string.Join("; ", directory.Errors)}")
            : PictureMetadata.Of([directory]);
    }

    private static byte[] ReadBytes(string path, long most)
    {
        using FileStream file = MediaFile.Open(path);
        return file.Length > most * 4
            ? throw TooLong(path, file.Length, most)
            : ReadAll(file);
    }

    private static byte[] ReadAll(FileStream file)
    {
        byte[] bytes = new byte[file.Length];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..read];
    }

    private static MediaException TooLong(string path, long found, long most) =>
        new($"{Path.GetFileName(path)} has {found} characters; the limit is {most}.", "media:maxPageTextLength");
}
