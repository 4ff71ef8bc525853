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
    private const int MaxDescriptionLength = 2000;

    /// <summary>The fields of a document that the files beside it give: those of <see cref="PictureMetadata"/>; a text is its
    /// <c>description</c>.</summary>
    /// <exception cref="MediaException">A file cannot be used.</exception>
    public IReadOnlyDictionary<string, MetadataValue> ReadMetadata(string owner)
    {
        Dictionary<string, MetadataValue> fields = [];
        if (SidecarFiles.Find(owner, ".xmp") is { } xmp)
        {
            fields = new(ReadXmp(xmp));
        }

        if (ReadText(owner) is { } text)
        {
            string description = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            TextMetadata.Add(fields, "description", description[..Math.Min(description.Length, MaxDescriptionLength)]);
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
        if (SidecarFiles.Find(owner, ".txt") is not { } path
            || (owner.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase) && !SidecarFiles.IsNote(path)))
        {
            return null;
        }

        string text = TextDecoder.Decode(ReadBytes(path, limits.MaxPageTextLength));
        return text.Length <= limits.MaxPageTextLength ? text : throw TooLong(path, text.Length, limits.MaxPageTextLength);
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
