using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>What to try when tuning a space: see <see cref="CollectionTiers.Tune"/>.</summary>
public sealed record TuneRequest
{
    /// <summary>The name of the space.</summary>
    public required string Space { get; init; }

    /// <summary>Rows of real queries; half of them choose, the other half verify. Empty: queries are made from rows of stored
    /// entries.</summary>
    public IReadOnlyList<MultiVector> Queries { get; init; } = [];

    /// <summary>Tiers to try, as <c>codec</c> or <c>reduction/codec</c>; empty for a list that suits the space.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>The recall@<see cref="Top"/> wanted, in (0, 1]. Default 0.95.</summary>
    public double Recall { get; init; } = 0.95;

    /// <summary>How many hits a search asks for; at least 1. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Entries that are measured on, drawn evenly when there are more; at least 100. Default 20,000.</summary>
    public int EntryLimit { get; init; } = 20_000;

    /// <summary>Seed of every random choice. Default 1.</summary>
    public int Seed { get; init; } = 1;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Top, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(EntryLimit, 100);
        if (!(Recall > 0 && Recall <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Recall), Recall, "Recall is in (0, 1].");
        }
    }
}
