using System.Text;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Libraries.Uploads;

/// <summary>Keeps uploaded files in the folder <c>uploads</c> of a collection, each under its cleaned name.</summary>
internal static class UploadStore
{
    private const int MaxNameBytes = 200;
    private const int BufferLength = 1 << 17;

    private static readonly UnicodeNormalizer Composed = new(NormalizationForm.FormC);

    public static string FolderOf(string collectionFolder) => Path.Combine(collectionFolder, "uploads");

    /// <summary>The stored files by their names; unfinished ones are hidden.</summary>
    public static Dictionary<string, string> List(string collectionFolder) => !Directory.Exists(FolderOf(collectionFolder))
        ? []
        : Directory.EnumerateFiles(FolderOf(collectionFolder)).Where(path => !Path.GetFileName(path).StartsWith('.'))
            .ToDictionary(path => Path.GetFileName(path), StringComparer.Ordinal);

    /// <summary>Copies the content beside the target first, so that no half of it is ever seen under its name.</summary>
    /// <exception cref="MediaException">The content is longer than <c>media:maxFileBytes</c>; nothing is stored.</exception>
    public static async Task<string> StoreAsync(string collectionFolder, string fileName, Stream content, MediaLimits limits,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        string target = Path.Combine(FolderOf(collectionFolder), CleanName(fileName));
        Directory.CreateDirectory(FolderOf(collectionFolder));
        // A hidden name keeps an unfinished copy out of a walk.
        string partial = Path.Combine(FolderOf(collectionFolder), $".{Guid.NewGuid():n}.part");
        try
        {
            FileStream file = new(partial, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                await CopyAsync(content, file, limits.MaxFileBytes, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, target, overwrite: true);
            return target;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>The last part of a path of either kind, without control and reserved characters, dots in front, or undue length.</summary>
    /// <exception cref="ArgumentException">Nothing is left.</exception>
    public static string CleanName(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        string last = Composed.Normalize(fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..]);
        StringBuilder name = new();
        foreach (Rune rune in last.EnumerateRunes())
        {
            bool isSafe = !Rune.IsControl(rune) && rune != Rune.ReplacementChar
                && !"<>:\"|?*#%".Contains((char)Math.Min(rune.Value, char.MaxValue), StringComparison.Ordinal);
            name.Append(isSafe ? rune.ToString() : "_");
        }

        string clean = Shorten(name.ToString().Trim().TrimStart('.').TrimEnd('.', ' '));
        return clean.Length > 0 ? clean : throw new ArgumentException($"'{fileName}' is no name for an upload.", nameof(fileName));
    }

    // Cuts the stem, so that the extension, which people go by, stays.
    private static string Shorten(string name)
    {
        string extension = Path.GetExtension(name);
        string stem = name[..^extension.Length];
        if (System.Text.Encoding.UTF8.GetByteCount(extension) > MaxNameBytes / 2)
        {
            (stem, extension) = (name, "");
        }

        while (System.Text.Encoding.UTF8.GetByteCount(stem + extension) > MaxNameBytes)
        {
            stem = stem[..^(char.IsLowSurrogate(stem[^1]) ? 2 : 1)];
        }

        return stem + extension;
    }

    private static async Task CopyAsync(Stream content, FileStream file, long limit, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferLength];
        long length = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            length += read;
            if (length > limit)
            {
                throw new MediaException($"The upload has more than {limit} bytes.", "media:maxFileBytes");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }
}
