using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Turns what went wrong with one file into a reason for people.</summary>
internal static class FailureReason
{
    /// <summary>
    /// True for a limit that is checked from the header. Such a file is looked at again in every run, because the limit may have been
    /// raised; one that took long to fail is not.
    /// </summary>
    public static bool IsCheapToCheck(string? setting) =>
        setting is not null && !setting.EndsWith("Timeout", StringComparison.Ordinal);

    /// <summary>True for what every other file would meet too: the model cannot be used, or nothing answers where it runs. It ends the
    /// run.</summary>
    public static bool IsOfModel(Exception error) => error is ModelFormatException or RemoteEncoderException { IsOfInput: false };

    public static (string Reason, string? Setting) Of(Exception error) => error switch
    {
        MediaException media => (media.Reason, media.Setting),
        UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException => ($"cannot be read: {error.Message}", null),
        RemoteEncoderException remote => (remote.Message, null),
        OutOfMemoryException => ("needs more memory than there is", "media:maxImagePixels"),
        IOException => ($"cannot be read: {error.Message}", null),
        // A defect met by one file is that file's failure; its type helps whoever looks for it.
        _ => ($"{error.GetType().Name}: {error.Message}", null),
    };
}
