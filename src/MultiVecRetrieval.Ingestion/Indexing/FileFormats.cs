using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Decides what a file is read as: by its content, and where that can be any kind of text, by its name.</summary>
/// <param name="names">Names of texts.</param>
internal sealed class FileFormats(TextNames names)
{
    /// <summary>Decides about one file.</summary>
    /// <param name="file">A regular file.</param>
    /// <param name="format">What its content is, as far as that can be told.</param>
    /// <returns>Why it is not read; null when it is.</returns>
    /// <exception cref="MediaException">The file cannot be read.</exception>
    public Refusal? Decide(Walking.FoundFile file, out MediaFormat format)
    {
        format = MediaSniffer.DetectFile(file.FullPath);
        MediaFormat named = names.FormatOf(file.Path);
        string extension = Path.GetExtension(file.Path);
        if (format is MediaFormat.Unknown or MediaFormat.Html && MediaNames.PromiseMedia(file.Path))
        {
            return Failed($"damaged, or no {extension} file: its content is of no picture, PDF or video that is read");
        }

        if (format == MediaFormat.Unknown && TextNames.PromiseOffice(file.Path))
        {
            return Failed($"damaged, or no {extension} file: its content is of no office document");
        }

        // A text may begin like a drawing, which is a text too.
        format = format is MediaFormat.Unknown or MediaFormat.Svg && named != MediaFormat.Unknown ? named : format;
        return format switch
        {
            MediaFormat.EncryptedOffice => Failed("The document is encrypted and opens only with a password."),
            MediaFormat.LegacyOffice when !OfficeConverter.IsInstalled =>
                Unsupported($"an Office document of before 2007; {OfficeConverter.Hint}"),
            MediaFormat.OpenDocument when !OfficeConverter.IsInstalled => Unsupported($"OpenDocument; {OfficeConverter.Hint}"),
            _ => MediaSniffer.GetMediaType(format) is null ? Unsupported(MediaSniffer.GetContentType(format)) : null,
        };
    }

    /// <summary>Why a file of a kind is left out.</summary>
    public static Refusal Unsupported(string kind) =>
        new(SourceState.Excluded, $"unsupported type ({kind})", Setting: null, IsUnsupported: true);

    private static Refusal Failed(string reason) => new(SourceState.Failed, reason, Setting: null);
}
