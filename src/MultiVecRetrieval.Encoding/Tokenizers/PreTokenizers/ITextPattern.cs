namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Finds places in a text.</summary>
internal interface ITextPattern
{
    /// <summary>The matches from left to right, not overlapping, as UTF-16 positions [start, end).</summary>
    IEnumerable<(int Start, int End)> Matches(string text);
}
