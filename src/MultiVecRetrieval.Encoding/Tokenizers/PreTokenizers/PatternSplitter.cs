namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Splits on the matches of a pattern, or on what lies between them when inverted.</summary>
internal sealed class PatternSplitter(ITextPattern pattern, SplitBehavior behavior, bool invert = false) : IPreTokenizer
{
    /// <inheritdoc/>
    public IEnumerable<TextPiece> Split(TextPiece piece)
    {
        foreach ((int start, int end) in Ranges(piece.Text))
        {
            if (end > start)
            {
                yield return new TextPiece(piece.Text[start..end], piece.IsAtStart && start == 0);
            }
        }
    }

    private List<(int Start, int End)> Ranges(string text)
    {
        List<(int Start, int End, bool IsMatch)> parts = [];
        int done = 0;
        foreach ((int start, int end) in pattern.Matches(text))
        {
            if (start > done)
            {
                parts.Add((done, start, invert));
            }

            parts.Add((start, end, !invert));
            done = end;
        }

        if (done < text.Length)
        {
            parts.Add((done, text.Length, invert));
        }

        return behavior switch
        {
            SplitBehavior.Removed => [.. parts.Where(part => !part.IsMatch).Select(part => (part.Start, part.End))],
            SplitBehavior.Isolated => [.. parts.Select(part => (part.Start, part.End))],
            SplitBehavior.MergedWithNext => MergeWithNext(parts),
            _ => MergeForward(parts),
        };
    }

    private List<(int Start, int End)> MergeForward(List<(int Start, int End, bool IsMatch)> parts)
    {
        List<(int Start, int End)> result = [];
        bool previous = false;
        foreach ((int start, int end, bool isMatch) in parts)
        {
            bool joins = behavior == SplitBehavior.Contiguous ? isMatch == previous : isMatch && !previous;
            if (joins && result.Count > 0)
            {
                result[^1] = (result[^1].Start, end);
            }
            else
            {
                result.Add((start, end));
            }

            previous = isMatch;
        }

        return result;
    }

    private static List<(int Start, int End)> MergeWithNext(List<(int Start, int End, bool IsMatch)> parts)
    {
        List<(int Start, int End)> result = [];
        bool previous = false;
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            (int start, int end, bool isMatch) = parts[i];
            if (isMatch && !previous && result.Count > 0)
            {
                result[^1] = (start, result[^1].End);
            }
            else
            {
                result.Add((start, end));
            }

            previous = isMatch;
        }

        result.Reverse();
        return result;
    }
}
