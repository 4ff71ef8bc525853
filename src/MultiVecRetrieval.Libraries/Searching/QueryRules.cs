using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>What a question must meet, checked once where it enters.</summary>
internal static class QueryRules
{
    // Each part is encoded by every model.
    private const int MaxParts = 16;

    // A page of the largest models has fewer.
    private const int MaxRows = 4_096;

    /// <exception cref="InvalidQueryException">The query asks nothing, or asks a side that cannot answer it, or a part is none.</exception>
    public static void Check(LibraryQuery query, IReadOnlyList<QueryPart> parts)
    {
        if (parts.Count == 0)
        {
            throw new InvalidQueryException("The query has no text, no picture, no example and no parts.");
        }

        if (parts.Count > MaxParts)
        {
            throw new InvalidQueryException($"The query has {parts.Count} parts; it takes up to {MaxParts}.");
        }

        for (int i = 0; i < parts.Count; i++)
        {
            int before = parts.Count - query.Parts.Count;
            CheckPart(parts[i], i >= before ? $"parts[{i - before}]"
                : parts[i].Text is not null ? "text"
                : parts[i].HasPicture ? "image" : "entry");
        }

        if (!parts.Any(part => part.IsWanted))
        {
            throw new InvalidQueryException("Every part of the query is taken away; at least one says what is looked for.");
        }

        if (query.Using == SearchSide.Text && parts.Any(part => part.Text is null))
        {
            throw new InvalidQueryException("Full text answers only queries with a text; this one has a picture or an example.");
        }

        if (query is { Using: SearchSide.Text, Effort: SearchEffort.TiersEffort named })
        {
            throw new SearchOptionException("tier", $"Full text has no tiers; '{named}' was named.");
        }

        if (query.Combine == QueryCombination.Sequence
            && parts.Count(part => part is { Role: QueryRole.Subject, IsWanted: true }) < 2)
        {
            throw new InvalidQueryException(
                "A sequence has at least two parts that are looked for, one after the other; here is one.", "combine");
        }

        if (query.Combine == QueryCombination.Sequence
            && query is not { Order: null, Diversity: 0, Facets.Count: 0, MinScore: null, MinEvidence: null })
        {
            throw new InvalidQueryException(
                "A sequence ranks videos by the order of its parts; it has no least score, sort, diversity or facets.", "combine");
        }

        CheckRange(query.DirectionScale, -4, 4, "The direction scale");
        CheckRange(query.TextShare, 0, 1, "The share of text");
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Top, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset, nameof(query));
    }

    /// <exception cref="InvalidQueryException">The part is none.</exception>
    public static void CheckPart(QueryPart part, string name)
    {
        int count = (string.IsNullOrWhiteSpace(part.Text) ? 0 : 1) + (part.HasPicture ? 1 : 0) + (part.Entry is null ? 0 : 1)
            + (part.Rows is null ? 0 : 1);
        if (count != 1)
        {
            string found = count == 0 ? "nothing to look for" : $"{count} things to look for";
            throw new InvalidQueryException(
                $"{name} has {found}; it is exactly one of a text, a picture, an entry and rows.", name);
        }

        if (part.Rows is not null && (part.Space is null || part.Rows.RowCount == 0))
        {
            throw new InvalidQueryException($"{name} has rows; it needs at least one, and the name of their space.", name);
        }

        if (part.Rows is { } rows)
        {
            CheckRows(rows, name);
        }

        if (part.Role == QueryRole.Exclude)
        {
            CheckRange(part.Weight, double.Epsilon, 1, $"{name} is excluded; its weight");
        }
        else if (part.Weight == 0)
        {
            throw new InvalidQueryException($"{name} has weight 0; leave it out.", name);
        }

        CheckRange(part.Weight, -SearchPart.MaxWeight, SearchPart.MaxWeight, $"{name}: its weight");
        if (part.Region is { } region)
        {
            CheckRegion(part, region, name);
        }
    }

    private static void CheckRegion(QueryPart part, Place region, string name)
    {
        if (part.Text is not null || part.Rows is not null)
        {
            throw new InvalidQueryException($"{name} has a region; only a picture and an entry have one.", name);
        }

        bool isBox = region is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 }
            && region.Left < region.Right && region.Top < region.Bottom;
        bool isSpan = region.StartSeconds >= 0 && region.EndSeconds >= region.StartSeconds && float.IsFinite(region.EndSeconds);
        if (part.HasPicture && region.HasSpan)
        {
            throw new InvalidQueryException($"{name} is a picture; a time span is of videos only.", name);
        }

        if (!isBox || !isSpan)
        {
            throw new InvalidQueryException(
                $"{name} has the box [{region.Left}, {region.Top}, {region.Right}, {region.Bottom}] and the span [{region.StartSeconds}, "
                + $"{region.EndSeconds}]; left < right and top < bottom are in [0, 1], and seconds run forward from 0.",
                name);
        }
    }

    private static void CheckRows(MultiVector rows, string name)
    {
        if (rows.RowCount > MaxRows)
        {
            throw new InvalidQueryException($"{name} has {rows.RowCount} rows; it takes up to {MaxRows}.", name);
        }

        for (int row = 0; row < rows.RowCount; row++)
        {
            if (!(TensorPrimitives.Norm(rows.Row(row)) is > 0 and < float.PositiveInfinity))
            {
                throw new InvalidQueryException($"{name} has a row without a direction: row {row} is 0 or not finite.", name);
            }
        }
    }

    private static void CheckRange(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
        {
            throw new InvalidQueryException($"{name} is {value}; it is in [{(least == double.Epsilon ? "above 0" : least)}, {most}].");
        }
    }
}
