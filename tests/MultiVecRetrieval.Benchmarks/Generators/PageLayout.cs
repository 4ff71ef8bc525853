namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>What each patch of a page shows: paper, words of a topic in lines and blocks, or a figure.</summary>
internal sealed class PageLayout
{
    /// <summary>The word of a patch of a figure.</summary>
    public const int Figure = -1;

    /// <summary>The topic of a patch of bare paper.</summary>
    public const int Paper = -1;

    private readonly int[] _topics;
    private readonly int[] _words;
    private readonly int _columnCount;
    private readonly int _rowCount;

    private PageLayout(int columnCount, int rowCount)
    {
        _columnCount = columnCount;
        _rowCount = rowCount;
        _topics = new int[columnCount * rowCount];
        _words = new int[columnCount * rowCount];
        Array.Fill(_topics, Paper);
    }

    /// <summary>Per patch in reading order: the topic, or <see cref="Paper"/>.</summary>
    public ReadOnlySpan<int> Topics => _topics;

    /// <summary>Per patch in reading order: the word, or <see cref="Figure"/>; without meaning on paper.</summary>
    public ReadOnlySpan<int> Words => _words;

    /// <summary>Sets a page: margins, one or two columns, blocks of lines with a blank line between them, now and then a figure.</summary>
    /// <param name="random">Of the page.</param>
    /// <param name="columnCount">Patches from left to right.</param>
    /// <param name="rowCount">Patches from top to bottom.</param>
    /// <param name="topics">Of the page; a block has one of them.</param>
    /// <param name="vocabulary">The words of a topic: (topic, rank) to word.</param>
    /// <param name="wordsPerTopic">Ranks there are.</param>
    public static PageLayout Set(
        ref SeededStream random, int columnCount, int rowCount, ReadOnlySpan<int> topics, Func<int, int, int> vocabulary, int wordsPerTopic)
    {
        PageLayout layout = new(columnCount, rowCount);
        int margin = random.Next(1, 1 + (columnCount / 10));
        int textColumns = random.Next(4) == 0 ? 2 : 1;
        int width = Math.Max(1, (columnCount - (2 * margin) - (textColumns - 1)) / textColumns);
        for (int textColumn = 0; textColumn < textColumns; textColumn++)
        {
            int left = margin + (textColumn * (width + 1));
            int bottom = rowCount - margin - random.Next(1 + (rowCount / 4));
            for (int y = margin; y < bottom;)
            {
                int height = Math.Min(random.Next(1, 1 + (rowCount / 5)), bottom - y);
                int topic = topics[random.Next(topics.Length)];
                if (height > 3 && random.Next(5) == 0)
                {
                    layout.AddFigure(left, y, width, height, topic);
                }
                else
                {
                    layout.AddLines(ref random, left, y, width, height, topic, vocabulary, wordsPerTopic);
                }

                y += height + 1;
            }
        }

        return layout;
    }

    private void AddFigure(int left, int top, int width, int height, int topic)
    {
        for (int y = top; y < top + height; y++)
        {
            for (int x = left; x < left + width; x++)
            {
                Put(x, y, topic, Figure);
            }
        }
    }

    private void AddLines(
        ref SeededStream random, int left, int top, int width, int height, int topic, Func<int, int, int> vocabulary, int wordsPerTopic)
    {
        for (int y = top; y < top + height; y++)
        {
            // The last line of a block ends early.
            int end = y == top + height - 1 ? left + random.Next(1, width) : left + width;
            for (int x = left; x < end;)
            {
                int word = vocabulary(topic, random.NextPopular(wordsPerTopic));
                for (int next = Math.Min(end, x + random.Next(1, 3)); x < next; x++)
                {
                    Put(x, y, topic, word);
                }
            }
        }
    }

    private void Put(int x, int y, int topic, int word)
    {
        if (x < _columnCount && y < _rowCount)
        {
            _topics[(y * _columnCount) + x] = topic;
            _words[(y * _columnCount) + x] = word;
        }
    }
}
