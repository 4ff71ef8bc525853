using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>How a stage of a search of records ranks what reaches it.</summary>
public abstract record RecordQuery
{
    private RecordQuery()
    {
    }

    /// <summary>By likeness to vectors.</summary>
    /// <param name="Vectors">The name of their <see cref="VectorSpec"/>.</param>
    /// <param name="Rows">One vector, or several where the space is of many.</param>
    public sealed record Nearest(string Vectors, MultiVector Rows) : RecordQuery;

    /// <summary>By likeness, each hit differing from those before it: the next is that of the largest (1 - d) likeness to the query - d
    /// largest likeness to a hit before it.</summary>
    /// <param name="Query">The query.</param>
    /// <param name="Diversity">d, in [0, 1].</param>
    /// <param name="CandidateLimit">How many of the nearest are chosen from.</param>
    public sealed record Diverse(Nearest Query, double Diversity, int CandidateLimit) : RecordQuery;

    /// <summary>By words and meaning, as <see cref="Library.SearchAsync"/> does.</summary>
    /// <param name="Text">The question.</param>
    public sealed record Words(string Text) : RecordQuery;

    /// <summary>By what the model of a space makes of a text.</summary>
    /// <param name="Vectors">The name of the space.</param>
    /// <param name="Text">The text.</param>
    public sealed record Understood(string Vectors, string Text) : RecordQuery;

    /// <summary>By weighted reciprocal ranks in the stages before: the sum of 1 / (rank / weight + k - 1), ranks from 1.</summary>
    /// <param name="K">k; at least 1.</param>
    /// <param name="Weights">One for each stage before, above 0; none: 1 each.</param>
    public sealed record ReciprocalRanks(int K, IReadOnlyList<double> Weights) : RecordQuery;

    /// <summary>By the sum of scores of the stages before, each spread between three standard deviations around its mean.</summary>
    public sealed record SpreadScores : RecordQuery;

    /// <summary>By a formula over the scores of the stages before and the payload.</summary>
    /// <param name="Score">The formula.</param>
    public sealed record Formula(ScoreExpression Score) : RecordQuery;

    /// <summary>By a field of the payload; records without it are left out.</summary>
    /// <param name="Order">The order.</param>
    public sealed record Ordered(EntryOrder Order) : RecordQuery;

    /// <summary>In any order.</summary>
    public sealed record Sample : RecordQuery;
}
