using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>Which rows of a picture are patches, and how they lie: row by row, from <see cref="FirstRow"/>.</summary>
internal sealed record RemoteGrid
{
    private const int LargestCount = 65_536;

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public int FirstRow { get; init; }

    [JsonIgnore]
    public bool IsValid => Rows >= 1 && Columns >= 1 && FirstRow >= 0 && (long)Rows * Columns <= LargestCount;
}
