using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>A source while its text grows: a run of words of the entry's text around what was found.</summary>
internal sealed class SourceDraft
{
    private const int StartWords = 120;
    private const int LeastWords = 8;
    private const int MaxPlaces = 16;

    // Seconds before and after a moment that was only seen.
    private const double Around = 20;
    private const int MaxMetadataLength = 1000;

    private readonly SearchHit _hit;
    private readonly string _text;

    // What is counted is what is sent.
    private readonly string _sent;
    private readonly IReadOnlyList<TextWord> _words;
    private int _first;
    private int _last;
    private long _textBytes;

    public SourceDraft(SearchHit hit, TextLayer? layer)
    {
        _hit = hit;
        _text = layer?.Text is { Length: > 0 } text ? text : DescribeMetadata(hit.Document);
        _sent = SourceText.Neutralize(_text);
        _words = layer is { Text.Length: > 0, Words.Count: > 0 } ? layer.Words : SplitWords(_text);
        (_first, _last) = FindStart();
        _textBytes = CountBytes(_first, _last);
    }

    /// <summary>False when there is nothing to read.</summary>
    public bool HasText => _words.Count > 0;

    /// <summary>Bytes of the source as it is sent, with its head and its end.</summary>
    /// <param name="number">Its number.</param>
    public long CountBytes(int number) =>
        System.Text.Encoding.UTF8.GetByteCount(SourceText.Head(number, _hit.Entry, _hit.Document, Span?.Start, Span?.End)) + _textBytes
        + SourceText.End.Length + 4;

    /// <summary>Leaves out last words until it fits.</summary>
    /// <returns>False when too few would be left to be worth it.</returns>
    public bool Shrink(int number, long maxBytes)
    {
        int least = Math.Min(LeastWords, _last - _first + 1);
        while (CountBytes(number) > maxBytes && _last - _first + 1 > least)
        {
            _last--;
            _textBytes = CountBytes(_first, _last);
        }

        return CountBytes(number) <= maxBytes;
    }

    /// <summary>Takes in words before and after.</summary>
    /// <returns>False when there are none or they do not fit.</returns>
    public bool Grow(int number, int wordCount, long maxBytes)
    {
        int before = Math.Min(wordCount / 2, _first);
        int after = Math.Min(wordCount - before, _words.Count - 1 - _last);
        before = Math.Min(wordCount - after, _first);
        if (before + after <= 0)
        {
            return false;
        }

        (int first, int last, long bytes) = (_first, _last, _textBytes);
        (_first, _last) = (_first - before, _last + after);
        _textBytes = bytes + CountBytes(_first, first) + CountBytes(last, _last) - CountBytes(first, first) - CountBytes(last, last);
        if (CountBytes(number) <= maxBytes)
        {
            return true;
        }

        (_first, _last, _textBytes) = (first, last, bytes);
        return false;
    }

    public AnswerSource ToSource(int number) => new()
    {
        Number = number,
        Entry = _hit.Entry,
        Document = _hit.Document,
        Text = _words.Count == 0 ? "" : Slice(_text, _first, _last).ToString(),
        Passage = _hit.Passage,
        Places = _hit.Passage?.Places
            ?? [.. _hit.Matches.Where(match => match.IsLikely).SelectMany(match => match.Places).Distinct().Take(MaxPlaces)],
        StartSeconds = Span?.Start,
        EndSeconds = Span?.End,
        Score = _hit.Score,
        IsCut = _words.Count > 0 && (_first > 0 || _last < _words.Count - 1),
    };

    // The moment is where the passage is said, else what is seen; words that are added around it do not move it.
    private (double Start, double End)? Span
    {
        get
        {
            if (_hit.Entry.MediaType != MediaType.Video)
            {
                return null;
            }

            Place[] said = [.. (_hit.Passage?.Places ?? []).Where(place => place.HasSpan)];
            return said.Length > 0 ? (said.Min(place => place.StartSeconds), said.Max(place => place.EndSeconds))
                : _hit.Moments.Count > 0 ? (_hit.Moments[0].StartSeconds, _hit.Moments[0].EndSeconds)
                : _hit.Matches.Select(match => match.Place).FirstOrDefault(place => place.HasSpan) is { HasSpan: true } seen
                    ? (seen.StartSeconds, seen.EndSeconds)
                : null;
        }
    }

    private (int First, int Last) FindStart()
    {
        if (_words.Count == 0)
        {
            return (0, -1);
        }

        int[] found = _hit.Passage is { Places.Count: > 0 } passage ? Find(word => IsIn(word, passage.Places))
            : Span is { } span
                ? Find(word => word.HasSpan && word.EndSeconds >= span.Start - Around && word.StartSeconds <= span.End + Around)
            : [];
        if (found.Length == 0)
        {
            return (0, Math.Min(StartWords, _words.Count) - 1);
        }

        // Lines of a passage may be those of other columns as well; what lies far behind its beginning is none of it.
        int length = Math.Max(_hit.Passage is { } read ? read.Text.Count(char.IsWhiteSpace) + 1 : 0, LeastWords);
        int last = found.TakeWhile((word, i) => word - found[0] <= 4 * Math.Max(length, i)).Last();
        return (found[0], Math.Min(last, found[0] + (4 * StartWords)));
    }

    private int[] Find(Func<Place, bool> isFound) =>
        [.. Enumerable.Range(0, _words.Count).Where(i => isFound(_words[i].Place))];

    private static bool IsIn(Place word, IReadOnlyList<Place> boxes)
    {
        (float x, float y) = ((word.Left + word.Right) / 2, (word.Top + word.Bottom) / 2);
        return boxes.Any(box => x >= box.Left && x <= box.Right && y >= box.Top && y <= box.Bottom
            && word.StartSeconds >= box.StartSeconds && word.EndSeconds <= box.EndSeconds);
    }

    private long CountBytes(int first, int last) =>
        _words.Count == 0 ? 0 : System.Text.Encoding.UTF8.GetByteCount(Slice(_sent, first, last));

    private ReadOnlySpan<char> Slice(string text, int first, int last) =>
        text.AsSpan(_words[first].Offset, Math.Max(0, _words[last].Offset + _words[last].Length - _words[first].Offset));

    private static string DescribeMetadata(Document document)
    {
        string all = string.Join('\n', document.Metadata.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => $"{field.Key}: {field.Value}"));
        return all.Length <= MaxMetadataLength ? all : all[..MaxMetadataLength];
    }

    private static List<TextWord> SplitWords(string text)
    {
        List<TextWord> words = [];
        for (int at = 0; at < text.Length; at++)
        {
            int start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at > start)
            {
                words.Add(new TextWord(start, at - start, Place.Whole));
            }
        }

        return words;
    }
}
