using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>The part of a hit's text that answers, for people to read and for programs that quote it.</summary>
/// <param name="Text">Words with single spaces between them, rows of a table on lines of their own; words broken at line ends are whole.</param>
/// <param name="Marks">The words that were asked for, in whatever form, in order and apart from each other.</param>
/// <param name="Places">Where it stands, in reading order.</param>
public sealed record HitPassage(string Text, IReadOnlyList<PassageMark> Marks, IReadOnlyList<Place> Places)
{
    /// <summary>True when the text goes on before it.</summary>
    public bool IsCutBefore { get; init; }

    /// <summary>True when the text goes on after it.</summary>
    public bool IsCutAfter { get; init; }
}
