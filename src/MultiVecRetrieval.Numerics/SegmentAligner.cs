namespace MultiVecRetrieval.Numerics;

/// <summary>
/// Finds the spans of two videos that show the same: local alignment of their frames by dynamic programming, after Smith and Waterman
/// (1981), in steps of time. A step that goes on in both earns (s - t) / (1 - t) of the similarity s above the threshold t, in [-1, 1],
/// a step in one of them alone costs a quarter of a step, so that a faster copy is followed; a path ends where it has fallen by the
/// longest gap below its best point.
/// </summary>
/// <remarks>Every start keeps its best path (the islands of Olsen, Hwa and Lässig, ISMB 1999), so several segments come of one pass and
/// two rows of cells.</remarks>
public static class SegmentAligner
{
    // All pairs of so many steps are 16 M cells, under a second; longer videos are looked at in longer steps.
    private const int MaxSteps = 4_000;
    private const float StepAlone = 0.25f;

    // Frames of one kind lie above the threshold by chance for a while; those of one video lie well above it.
    private const double MinMeanWeight = 0.25;

    // Paths that start beside a better one run along it.
    private const double MaxShared = 0.3;

    /// <summary>Finds the segments, surest first.</summary>
    /// <param name="first">Spans of the frames of the first video, in order, in seconds.</param>
    /// <param name="second">Spans of those of the second.</param>
    /// <param name="similarities">[first × second] row-major: the similarity of each two frames, at most 1; NaN counts as none.</param>
    /// <param name="options">When frames and spans count.</param>
    /// <param name="count">Segments wanted at most.</param>
    /// <exception cref="ArgumentException">Spans are not in order, or there is not one similarity for each pair.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IReadOnlyList<AlignedSpans> Align(
        IReadOnlyList<Moment> first, IReadOnlyList<Moment> second, ReadOnlySpan<float> similarities, SegmentAlignment options,
        int count = 20)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Check(first);
        Check(second);
        if (similarities.Length != (long)first.Count * second.Count)
        {
            throw new ArgumentException(
                $"{similarities.Length} similarities were given for {first.Count} x {second.Count} frames.", nameof(similarities));
        }

        if (first.Count == 0 || second.Count == 0)
        {
            return [];
        }

        double step = Math.Max(options.StepSeconds, Math.Max(GetLength(first), GetLength(second)) / MaxSteps);
        int[] rows = GetSteps(first, step);
        int[] columns = GetSteps(second, step);
        Dictionary<long, Path> best = Follow(rows, columns, similarities, second.Count, options, step);
        List<AlignedSpans> found = [];
        foreach (Path path in best.Values.Where(path => IsSegment(path, options, step))
            .OrderByDescending(path => path.Score).ThenBy(path => path.FirstRow).ThenBy(path => path.FirstColumn))
        {
            AlignedSpans spans = ToSpans(path, first, second, step);
            if (found.TrueForAll(better => !RunsAlong(better, spans)))
            {
                found.Add(spans);
                if (found.Count >= count)
                {
                    break;
                }
            }
        }

        return found;
    }

    private static Dictionary<long, Path> Follow(
        int[] rows, int[] columns, ReadOnlySpan<float> similarities, int width, SegmentAlignment options, double step)
    {
        Dictionary<long, Path> best = [];
        Cell[] above = new Cell[columns.Length + 1];
        Cell[] cells = new Cell[columns.Length + 1];
        float scale = (float)(1 / (1 - options.Threshold));
        float maxDrop = (float)(options.MaxGapSeconds / step);
        for (int i = 0; i < rows.Length; i++)
        {
            cells[0] = default;
            for (int j = 0; j < columns.Length; j++)
            {
                float similarity = rows[i] < 0 || columns[j] < 0 ? -1 : similarities[(rows[i] * width) + columns[j]];
                float weight = float.IsNaN(similarity) ? -1 : Math.Clamp((similarity - (float)options.Threshold) * scale, -1, 1);
                Cell cell = Extend(above[j], above[j + 1], cells[j], weight, similarity, rows[i], columns[j]);
                bool isOver = cell.Score <= 0 || cell.Peak - cell.Score > maxDrop;
                if (weight > 0 && (isOver || cell.Score < weight))
                {
                    cell = new Cell(i, j, rows[i], columns[j], weight, similarity);
                }
                else if (isOver)
                {
                    cell = default;
                }

                if (cell.Score > 0 && cell.Score >= cell.Peak)
                {
                    cell.Peak = cell.Score;
                }

                if (cell.Score > 0 && cell.Score >= cell.Peak && Math.Min(cell.RowFrames, cell.ColumnFrames) >= options.MinFrames)
                {
                    Keep(best, new Path(cell.FirstRow, cell.FirstColumn, i, j, cell.Score, cell.Sum / cell.Steps));
                }

                cells[j + 1] = cell;
            }

            (above, cells) = (cells, above);
        }

        return best;
    }

    // Paths of one start part on the way; the best of them is its.
    private static void Keep(Dictionary<long, Path> best, Path path)
    {
        long start = ((long)path.FirstRow << 32) | (uint)path.FirstColumn;
        if (!best.TryGetValue(start, out Path known) || path.Score > known.Score)
        {
            best[start] = path;
        }
    }

    // The best of going on in both, in the first alone and in the second alone; of equal ones in both.
    private static Cell Extend(Cell both, Cell firstAlone, Cell secondAlone, float weight, float similarity, int row, int column)
    {
        float alone = weight > 0 ? -StepAlone : -1;
        float diagonal = both.Score > 0 ? both.Score + weight : 0;
        float down = firstAlone.Score + alone;
        float right = secondAlone.Score + alone;
        Cell cell = diagonal >= down && diagonal >= right ? both : down >= right ? firstAlone : secondAlone;
        float score = Math.Max(diagonal, Math.Max(down, right));
        if (score <= 0 || cell.Score <= 0)
        {
            return default;
        }

        if (diagonal >= down && diagonal >= right)
        {
            cell.Sum += similarity;
            cell.Steps++;
        }

        cell.Score = score;
        cell.RowFrames += row != cell.Row ? 1 : 0;
        cell.ColumnFrames += column != cell.Column ? 1 : 0;
        (cell.Row, cell.Column) = (row, column);
        return cell;
    }

    private static bool IsSegment(Path path, SegmentAlignment options, double step)
    {
        double shorter = Math.Min(path.LastRow - path.FirstRow + 1, path.LastColumn - path.FirstColumn + 1) * step;
        return shorter >= options.MinSeconds && path.Score * step >= MinMeanWeight * shorter;
    }

    private static AlignedSpans ToSpans(Path path, IReadOnlyList<Moment> first, IReadOnlyList<Moment> second, double step)
    {
        Moment ToMoment(IReadOnlyList<Moment> frames, int from, int to) => new(
            frames[0].StartSeconds + (from * step), Math.Min(frames[^1].EndSeconds, frames[0].StartSeconds + ((to + 1) * step)),
            path.Similarity);
        return new AlignedSpans(ToMoment(first, path.FirstRow, path.LastRow), ToMoment(second, path.FirstColumn, path.LastColumn),
            path.Similarity, path.Score * step);
    }

    private static bool RunsAlong(AlignedSpans better, AlignedSpans other) =>
        Share(better.First, other.First) > MaxShared && Share(better.Second, other.Second) > MaxShared;

    private static double Share(Moment a, Moment b) =>
        Math.Max(0, Math.Min(a.EndSeconds, b.EndSeconds) - Math.Max(a.StartSeconds, b.StartSeconds)) / Math.Min(a.Length, b.Length);

    private static double GetLength(IReadOnlyList<Moment> frames) => frames[^1].EndSeconds - frames[0].StartSeconds;

    // The frame that is on show in the middle of each step; -1 for none.
    private static int[] GetSteps(IReadOnlyList<Moment> frames, double step)
    {
        int[] steps = new int[Math.Max(1, (int)Math.Ceiling((GetLength(frames) / step) - 1e-6))];
        int frame = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            double time = frames[0].StartSeconds + ((i + 0.5) * step);
            while (frame < frames.Count - 1 && frames[frame].EndSeconds <= time)
            {
                frame++;
            }

            steps[i] = frames[frame].StartSeconds <= time && time < frames[frame].EndSeconds + step ? frame : -1;
        }

        return steps;
    }

    private static void Check(IReadOnlyList<Moment> frames)
    {
        for (int i = 0; i < frames.Count; i++)
        {
            if (!(frames[i].EndSeconds > frames[i].StartSeconds)
                || (i > 0 && frames[i].StartSeconds < frames[i - 1].EndSeconds - 1e-3))
            {
                throw new ArgumentException(
                    $"Frame {i} lasts from {frames[i].StartSeconds} to {frames[i].EndSeconds}; spans run forward and do not overlap.",
                    nameof(frames));
            }
        }
    }

    private readonly record struct Path(
        int FirstRow, int FirstColumn, int LastRow, int LastColumn, float Score, float Similarity);

    private struct Cell(int firstRow, int firstColumn, int row, int column, float score, float similarity)
    {
        public int FirstRow = firstRow;
        public int FirstColumn = firstColumn;
        public float Score = score;
        public float Peak = score;
        public float Sum = similarity;
        public int Steps = 1;

        // The frames that it stands at, and how many different ones it has seen.
        public int Row = row;
        public int Column = column;
        public int RowFrames = 1;
        public int ColumnFrames = 1;
    }
}
