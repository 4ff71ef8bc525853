using MultiVecRetrieval.Server.Watching;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A collection with its counts.</summary>
public sealed record CollectionBody
{
    /// <summary>Name of the collection.</summary>
    public required string Name { get; init; }

    /// <summary>False while another process writes it.</summary>
    public required bool IsWritable { get; init; }

    /// <summary>Number of documents.</summary>
    public required long DocumentCount { get; init; }

    /// <summary>Number of entries.</summary>
    public required long EntryCount { get; init; }

    /// <summary>Entries by type: image, page, video, text, record.</summary>
    public required IReadOnlyDictionary<string, long> EntriesByType { get; init; }

    /// <summary>Size on disk in bytes.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>Number of live segments.</summary>
    public required long SegmentCount { get; init; }

    /// <summary>Its vector spaces.</summary>
    public required IReadOnlyList<SpaceBody> Spaces { get; init; }

    /// <summary>Names of its attributes; entries have their values as the fields <c>attribute.NAME</c>.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>What became of every file that was seen: seen = indexed + failed + excluded + pending.</summary>
    public required SourceCounts Sources { get; init; }

    /// <summary>The model that answers questions about it; null where none is set, and an answer is its context alone.</summary>
    public required string? AnswerModel { get; init; }

    /// <summary>How the watching of its folders goes; null where none is watched.</summary>
    public required WatchBody? Watch { get; init; }

    internal static CollectionBody From(string name, Collection collection, Library library, WatchStates watches)
    {
        AnswerOptions answer = library.Options.Answer;
        CollectionStatistics statistics = collection.GetStatistics();
        return new CollectionBody
        {
            Name = name,
            IsWritable = collection.IsWritable,
            DocumentCount = statistics.DocumentCount,
            EntryCount = statistics.EntryCount,
            EntriesByType = Enum.GetValues<MediaType>()
                .ToDictionary(EntryBody.Name, type => statistics.EntriesByType.GetValueOrDefault(type)),
            SizeInBytes = statistics.SizeInBytes,
            SegmentCount = statistics.SegmentCount,
            Spaces = [.. collection.Spaces.Select(space => new SpaceBody(
                space.Name, space.Id.Value, space.Dimension, space.RowFormat.ToString().ToLowerInvariant(),
                    statistics.RowsBySpace.GetValueOrDefault(space.Name),
                space.Reduction, space.State.ToString().ToLowerInvariant(), space.Counterpart))],
            Attributes = [.. collection.Attributes.List().Select(state => state.Attribute.Name)],
            Sources = collection.Sources.Count(),
            AnswerModel = answer.HasEndpoint ? answer.Model : null,
            Watch = watches.Find(name),
        };
    }
}
