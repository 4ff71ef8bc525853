using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>What models name in the pictures of an entry, gathered over its pictures; the surest come first.</summary>
internal sealed class PictureTags
{
    /// <summary>The metadata field that holds the tags of a document.</summary>
    public const string MetadataName = "tags";

    // A picture shows few things surely; a video shows more, one after the other.
    private const int MaxTags = 12;

    private readonly Dictionary<string, float> _tags = new(StringComparer.Ordinal);

    /// <summary>Adds the tags of one picture.</summary>
    public void Add(IEnumerable<ImageTag> tags)
    {
        foreach (ImageTag tag in tags)
        {
            _tags[tag.Name] = Math.Max(tag.Probability, _tags.GetValueOrDefault(tag.Name));
        }
    }

    /// <summary>The names, as they are stored: a list. Null when there is none.</summary>
    public MetadataValue? ToValue() => _tags.Count == 0
        ? default(MetadataValue?)
        : MetadataValue.List(_tags.OrderByDescending(tag => tag.Value).ThenBy(tag => tag.Key, StringComparer.Ordinal)
            .Take(MaxTags).Select(tag => (MetadataValue)tag.Key));
}
