namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>An entry's id and its score.</summary>
/// <param name="Id">The id; decides ties, the lower one first.</param>
/// <param name="Score">The score; higher is closer. NaN ranks below everything else.</param>
public readonly record struct ScoredId(int Id, double Score) : IComparable<ScoredId>
{
    /// <summary>Orders by rank: negative when this one comes before <paramref name="other"/>.</summary>
    public int CompareTo(ScoredId other)
    {
        int byScore = other.Score.CompareTo(Score);
        return byScore != 0 ? byScore : Id.CompareTo(other.Id);
    }

    /// <summary>True when the left one ranks before the right one.</summary>
    public static bool operator <(ScoredId left, ScoredId right) => left.CompareTo(right) < 0;

    /// <summary>True when the left one ranks after the right one.</summary>
    public static bool operator >(ScoredId left, ScoredId right) => left.CompareTo(right) > 0;

    /// <summary>True when the left one ranks before the right one or equals it.</summary>
    public static bool operator <=(ScoredId left, ScoredId right) => left.CompareTo(right) <= 0;

    /// <summary>True when the left one ranks after the right one or equals it.</summary>
    public static bool operator >=(ScoredId left, ScoredId right) => left.CompareTo(right) >= 0;
}
