namespace MultiVecRetrieval.Server.Bodies;

/// <summary>The part of a hit's text that answers.</summary>
/// <param name="Text">The passage, in one line.</param>
/// <param name="Marks">The words asked for, as [offset, length] in UTF-16 units of the text.</param>
/// <param name="Boxes">Where its lines stand: [left, top, right, bottom] as shares of width and height.</param>
/// <param name="IsCutBefore">True when the text goes on before it.</param>
/// <param name="IsCutAfter">True when the text goes on after it.</param>
public sealed record PassageBody(
    string Text, IReadOnlyList<IReadOnlyList<int>> Marks, IReadOnlyList<IReadOnlyList<double>> Boxes, bool IsCutBefore, bool IsCutAfter)
{
    /// <summary>Maps a passage; null stays null.</summary>
    public static PassageBody? From(HitPassage? passage) => passage is null ? null : new PassageBody(
        passage.Text, [.. passage.Marks.Select(mark => (IReadOnlyList<int>)[mark.Offset, mark.Length])],
        [.. passage.Places.Select(place => PlaceBody.From(place).Box).OfType<IReadOnlyList<double>>()], passage.IsCutBefore,
        passage.IsCutAfter);
}
