using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Upkeep;

/// <summary>The last file of a backup: what it must hold. A backup that was cut short has none.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="Generation">The generation that was copied.</param>
/// <param name="Folder">Where the collection lay: paths of its own files in the catalog begin with it.</param>
/// <param name="CreatedAt">When the copy began.</param>
/// <param name="Files">Every other file, in the order in which they are stored.</param>
internal sealed record BackupManifest(
    int Format, long Generation, string Folder, DateTimeOffset CreatedAt, IReadOnlyList<BackupManifest.File> Files)
{
    public const string Name = "manifest.json";
    public const int NewestFormat = 1;

    /// <summary>Longer ones than any collection has are no manifests.</summary>
    public const int MaxLength = 64 << 20;

    /// <param name="Name">Path within the collection.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="Sha256">Lower-case hexadecimal.</param>
    public sealed record File(
        [property: JsonRequired] string Name, [property: JsonRequired] long Size, [property: JsonRequired] string Sha256);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            BackupManifest manifest = JsonSerializer.Deserialize<BackupManifest>(bytes, JsonSerializerOptions.Web)
                ?? throw new JsonException("It is null.");
            bool isWhole = manifest is { Files: not null, Folder: not null }
                && manifest.Files.All(file => file is { Name: not null, Sha256: not null });
            return !isWhole
                ? throw new JsonException("A member is missing.")
                : manifest;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The backup's {Name} cannot be read: {error.Message}", error);
        }
    }
}
