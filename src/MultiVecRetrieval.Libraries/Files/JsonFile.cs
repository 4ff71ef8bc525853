using System.Text.Json;

namespace MultiVecRetrieval.Libraries.Files;

/// <summary>A value in a file of its own: the whole of it, or what was there before.</summary>
internal static class JsonFile
{
    /// <summary>Writes the value; its folder must be there.</summary>
    public static void Save<T>(string path, T value)
    {
        string partial = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():n}.part");
        try
        {
            using (FileStream file = new(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, value, JsonSerializerOptions.Web);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>The value; null where there is no file, or none that can be read.</summary>
    public static T? Find<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), JsonSerializerOptions.Web) : null;
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
