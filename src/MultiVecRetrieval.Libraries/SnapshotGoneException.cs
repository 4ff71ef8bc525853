using System.Globalization;

namespace MultiVecRetrieval;

/// <summary>The generation that an answer was read from is not kept any more.</summary>
/// <param name="id">What named it.</param>
/// <param name="life">How long one is kept after it was last used.</param>
public sealed class SnapshotGoneException(string id, TimeSpan life) : Exception(string.Create(CultureInfo.InvariantCulture,
    $"There is no snapshot '{id}' of this collection; one is kept for {life.TotalMinutes:0} minutes after its last use. Ask again from the first page."))
{
    /// <summary>What named it.</summary>
    public string Id { get; } = id;
}
