using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>
/// Seeded pages with the structure of ColPali's: unit rows of a 32 x 32 grid of patches, then six rows of the prompt. Every page and
/// every query depends on (seed, index) alone, so pages are made one at a time, in any order and in parallel. Thread-safe.
/// </summary>
/// <remarks>
/// <para>Sixteen pages in a row are a document: they share paper and three topics, and each page has one topic more. A page is set by
/// <see cref="PageLayout"/> in blocks of one topic. There are 512 topics and 8,192 words, 64 of them in a topic; low numbers are more
/// frequent. All directions are drawn from a power law (<see cref="PowerLawRows"/>, exponent 1).</para>
/// <para>A row is the sum of a common mean, of what its patch shows (paper, or topic and word, or topic and figure), of a field that
/// runs smoothly over the page (6 x 6 directions, interpolated), and of noise; then it is normalised. Paper has little field and
/// noise, so that it repeats. A query row is a row of the page that shows a word or figure, moved towards the mean of queries, plus
/// noise.</para>
/// <para>Measured at d = 128, seed 1, 300 pages (<see cref="PageStatistics"/>; a test holds them to bands): 67 to 114 distinct codes a page
/// at K = 256 (5th to 95th percentile, median 93); cosine of neighbours .86, of two patches of a page .55, of two pages .39; mean row of
/// length .63, at cosine .77 to that of queries; eigenvalues fall as rank^-1.3, 22 % of the variance in the first direction, 85 % in 32; a
/// query row has cosine .76 to the best row of its page, and its page always scores best.</para>
/// </remarks>
internal sealed class PageVectors
{
    /// <summary>Rows of a page unless it is asked for others: 32 x 32 patches and <see cref="PromptRowCount"/>.</summary>
    public const int DefaultRowCount = 1030;

    /// <summary>Rows that every page ends with.</summary>
    public const int PromptRowCount = 6;

    private const int PagesPerDocument = 16;
    private const int PaperCount = 4;
    private const int TopicCount = 512;
    private const int WordCount = 8192;
    private const int WordsPerTopic = 64;
    private const int DirectionCount = 4096;
    private const int FieldSide = 6;

    private readonly int _seed;
    private readonly float[] _mean;
    private readonly float[] _queryMean;
    private readonly float[] _papers;
    private readonly float[] _prompts;
    private readonly float[] _topics;
    private readonly float[] _words;
    private readonly float[] _directions;

    public PageVectors(int seed, int dimension = 128)
    {
        _seed = seed;
        Dimension = dimension;
        PowerLawRows rows = new(seed, StreamKind.Rotation, dimension, exponent: 1);
        _mean = rows.Draw(new SeededStream(seed, StreamKind.Mean, 0), 1);
        _queryMean = rows.Draw(new SeededStream(seed, StreamKind.QueryMean, 0), 1);
        _papers = rows.Draw(new SeededStream(seed, StreamKind.Pool, 1), PaperCount);
        _prompts = rows.Draw(new SeededStream(seed, StreamKind.Pool, 2), PromptRowCount);
        _topics = rows.Draw(new SeededStream(seed, StreamKind.Pool, 3), TopicCount);
        _words = rows.Draw(new SeededStream(seed, StreamKind.Pool, 4), WordCount);
        _directions = rows.Draw(new SeededStream(seed, StreamKind.Pool, 5), DirectionCount);
    }

    /// <summary>d, the length of a row.</summary>
    public int Dimension { get; }

    /// <summary>The rows of page <paramref name="index"/> with their places; the prompt has the whole page.</summary>
    public MultiVector GetPage(int index, int rowCount = DefaultRowCount)
    {
        float[] values = new float[rowCount * Dimension];
        Fill(index, values);
        return new MultiVector(Dimension, values, GetPlaces(rowCount));
    }

    /// <summary>The place of each row of a page of so many rows.</summary>
    public static Place[] GetPlaces(int rowCount)
    {
        (int columnCount, int lineCount) = GetGrid(rowCount);
        Place[] places = new Place[rowCount];
        Array.Fill(places, Place.Whole);
        for (int i = 0; i < rowCount - PromptRowCount; i++)
        {
            (int y, int x) = Math.DivRem(i, columnCount);
            places[i] = new Place((float)x / columnCount, (float)y / lineCount, (x + 1f) / columnCount, (y + 1f) / lineCount);
        }

        return places;
    }

    /// <summary>Writes the rows of page <paramref name="index"/>.</summary>
    /// <param name="index">At least 0.</param>
    /// <param name="target">[rows × d]: at least one row of patches before those of the prompt.</param>
    public void Fill(int index, Span<float> target)
    {
        int rowCount = target.Length / Dimension;
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(rowCount, PromptRowCount);
        int patchCount = rowCount - PromptRowCount;
        (int columnCount, int lineCount) = GetGrid(rowCount);
        PageLayout layout = GetLayout(index, rowCount, out int paper);
        SeededStream random = new(_seed, StreamKind.Page, index);
        int[] nodes = new int[FieldSide * FieldSide];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = random.Next(DirectionCount);
        }

        float[] paperRow = new float[Dimension];
        UnitRows.AddScaled(paperRow, _mean, 0.5f);
        UnitRows.AddScaled(paperRow, Row(_papers, paper), 0.8f);
        float[] line = new float[FieldSide * Dimension];
        float[] average = new float[Dimension];
        for (int i = 0; i < patchCount; i++)
        {
            (int y, int x) = Math.DivRem(i, columnCount);
            if (x == 0)
            {
                FillFieldLine(nodes, (float)y / Math.Max(1, lineCount - 1), line);
            }

            Span<float> row = target.Slice(i * Dimension, Dimension);
            int topic = layout.Topics[i];
            if (topic == PageLayout.Paper)
            {
                paperRow.CopyTo(row);
                AddField(row, line, (float)x / Math.Max(1, columnCount - 1), 0.15f);
                AddNoise(ref random, row, 0.12f);
            }
            else
            {
                bool isFigure = layout.Words[i] == PageLayout.Figure;
                row.Clear();
                UnitRows.AddScaled(row, _mean, 0.5f);
                UnitRows.AddScaled(row, Row(_topics, topic), 0.45f);
                if (!isFigure)
                {
                    UnitRows.AddScaled(row, Row(_words, layout.Words[i]), 0.7f);
                }

                AddField(row, line, (float)x / Math.Max(1, columnCount - 1), isFigure ? 1f : 0.3f);
                AddNoise(ref random, row, 0.25f);
            }

            UnitRows.Normalize(row);
            UnitRows.AddScaled(average, row, 1f / patchCount);
        }

        for (int i = 0; i < PromptRowCount; i++)
        {
            // The rows of the prompt have seen the page: they carry a little of it.
            Span<float> row = target.Slice((patchCount + i) * Dimension, Dimension);
            Row(_prompts, i).CopyTo(row);
            UnitRows.AddScaled(row, average, 0.4f);
            UnitRows.Normalize(row);
        }
    }

    /// <summary>Query <paramref name="index"/>, about page <paramref name="page"/>: two runs of neighbouring patches, in the words of a
    /// query.</summary>
    public MultiVector GetQuery(int index, int page, int rowCount = 20, int pageRowCount = DefaultRowCount)
    {
        MultiVector source = GetPage(page, pageRowCount);
        PageLayout layout = GetLayout(page, pageRowCount, out _);
        List<int> shown = [];
        for (int i = 0; i < layout.Topics.Length && i < pageRowCount - PromptRowCount; i++)
        {
            if (layout.Topics[i] != PageLayout.Paper)
            {
                shown.Add(i);
            }
        }

        SeededStream random = new(_seed, StreamKind.Query, index);
        int[] starts = [random.Next(shown.Count), random.Next(shown.Count)];
        float[] values = new float[rowCount * Dimension];
        for (int i = 0; i < rowCount; i++)
        {
            int position = (starts[i % 2] + (i / 2)) % shown.Count;
            Span<float> row = values.AsSpan(i * Dimension, Dimension);
            source.Row(shown[position]).CopyTo(row);
            UnitRows.AddScaled(row, _queryMean, 0.35f);
            AddNoise(ref random, row, 0.8f);
            UnitRows.Normalize(row);
        }

        return new MultiVector(Dimension, values);
    }

    // Wide enough to be about square; the last line of patches may be cut.
    private static (int ColumnCount, int LineCount) GetGrid(int rowCount)
    {
        int patchCount = rowCount - PromptRowCount;
        int columnCount = (int)Math.Ceiling(Math.Sqrt(patchCount));
        return (columnCount, (patchCount + columnCount - 1) / columnCount);
    }

    private PageLayout GetLayout(int index, int rowCount, out int paper)
    {
        (int columnCount, int lineCount) = GetGrid(rowCount);
        SeededStream document = new(_seed, StreamKind.Document, index / PagesPerDocument);
        SeededStream random = new(_seed, StreamKind.Layout, index);
        paper = document.Next(PaperCount);
        int[] topics =
        [
            document.NextPopular(TopicCount), document.NextPopular(TopicCount), document.NextPopular(TopicCount),
            random.NextPopular(TopicCount),
        ];
        return PageLayout.Set(ref random, columnCount, lineCount, topics, GetWord, WordsPerTopic);
    }

    // A topic's words are scattered over all words, so that topics share some.
    private static int GetWord(int topic, int rank) => (int)(((((uint)topic * WordsPerTopic) + (uint)rank) * 2654435761u) >> 19);

    private void FillFieldLine(ReadOnlySpan<int> nodes, float y, Span<float> line)
    {
        (int above, float share) = Split(y);
        line.Clear();
        for (int node = 0; node < FieldSide; node++)
        {
            Span<float> target = line.Slice(node * Dimension, Dimension);
            UnitRows.AddScaled(target, Row(_directions, nodes[(above * FieldSide) + node]), 1 - share);
            UnitRows.AddScaled(target, Row(_directions, nodes[((above + 1) * FieldSide) + node]), share);
        }
    }

    private void AddField(Span<float> row, ReadOnlySpan<float> line, float x, float strength)
    {
        (int left, float share) = Split(x);
        UnitRows.AddScaled(row, line.Slice(left * Dimension, Dimension), (1 - share) * strength);
        UnitRows.AddScaled(row, line.Slice((left + 1) * Dimension, Dimension), share * strength);
    }

    private static (int Node, float Share) Split(float position)
    {
        float scaled = position * (FieldSide - 1);
        int node = Math.Min((int)scaled, FieldSide - 2);
        return (node, scaled - node);
    }

    // Sums of two of the pool: sixteen million different ones, for two random numbers.
    private void AddNoise(ref SeededStream random, Span<float> row, float strength)
    {
        float scale = strength * 0.70710678f;
        UnitRows.AddScaled(row, Row(_directions, random.Next(DirectionCount)), scale);
        UnitRows.AddScaled(row, Row(_directions, random.Next(DirectionCount)), -scale);
    }

    private ReadOnlySpan<float> Row(float[] rows, int index) => rows.AsSpan(index * Dimension, Dimension);
}
