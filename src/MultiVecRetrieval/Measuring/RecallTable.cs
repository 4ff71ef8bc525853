namespace MultiVecRetrieval.Measuring;

/// <summary>Recall of tiers in a row for every combination of budgets, from the ranks that they give to the exact best entries of
/// queries.</summary>
internal sealed class RecallTable
{
    /// <summary>Steps from a budget to the one ten times as large.</summary>
    public const int StepsPerDecade = 10;

    /// <summary>Levels of the lower bound for which <see cref="GetSmallestBudgets"/> looks for budgets.</summary>
    private static readonly double[] Levels = [0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.99];

    // Ten a decade, rounded as Renard's series: a step between budgets costs a search at most a quarter as much again as the budget that it
    // needs.
    private static readonly double[] Mantissas = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8];

    private readonly int _top;
    private readonly int _stageCount;
    private readonly int[] _budgets;
    private readonly double[] _recalls;
    private readonly double[] _lowerBounds;

    /// <summary>Measures.</summary>
    /// <param name="ranks">Per tier and query the rank among all entries, from 0, of each of the query's best entries, best first.</param>
    /// <param name="top">How many of those are wanted.</param>
    /// <param name="entryCount">Entries there are.</param>
    public RecallTable(IReadOnlyList<IReadOnlyList<int[]>> ranks, int top, int entryCount)
    {
        _top = top;
        _stageCount = ranks.Count;
        _budgets = GetBudgets(top, entryCount);
        int cellCount = 1;
        for (int stage = 0; stage < _stageCount; stage++)
        {
            cellCount *= _budgets.Length;
        }

        int[] counts = new int[cellCount];
        double[] sums = new double[cellCount];
        double[] squares = new double[cellCount];
        int queryCount = ranks[0].Count;
        for (int query = 0; query < queryCount; query++)
        {
            Count(ranks, query, counts);
            int wanted = Math.Min(top, ranks[0][query].Length);
            for (int cell = 0; cell < cellCount; cell++)
            {
                double share = wanted == 0 ? 1 : (double)counts[cell] / wanted;
                sums[cell] += share;
                squares[cell] += share * share;
            }
        }

        _recalls = [.. sums.Select(sum => queryCount == 0 ? 0 : sum / queryCount)];
        _lowerBounds = [.. sums.Select((sum, cell) => RecallBound.GetLower(queryCount, sum, squares[cell], top))];

        // What smaller budgets surely find, larger ones do too.
        Accumulate(_lowerBounds, Math.Max);
    }

    /// <summary>10, 12, 16, 20, 25, 32, 40, 50, 63, 80, 100, 125, ...</summary>
    public static long GetBudget(int step) => (long)Math.Round(10 * Mantissas[step % StepsPerDecade] * Math.Pow(10, step / StepsPerDecade));

    /// <summary>Recall of a single tier, up to the budget that finds everything.</summary>
    public IReadOnlyList<BudgetRecall> GetSteps()
    {
        List<BudgetRecall> steps = [];
        for (int i = 0; i < _budgets.Length; i++)
        {
            steps.Add(new BudgetRecall(_top, _budgets[i], _recalls[i], _lowerBounds[i]));
            if (_recalls[i] >= 1)
            {
                break;
            }
        }

        return steps;
    }

    /// <summary>For each level of the lower bound the budgets that reach it, of which none can be smaller; a tier that keeps as many as it
    /// gets is left out.</summary>
    public IReadOnlyList<CascadeRecall> GetSmallestBudgets()
    {
        SortedSet<int> cells = [];
        foreach (double level in Levels)
        {
            for (int cell = 0; cell < _lowerBounds.Length; cell++)
            {
                if (_lowerBounds[cell] >= level && IsSmallest(cell, level) && Descends(cell))
                {
                    cells.Add(cell);
                }
            }
        }

        return [.. cells.Select(
            cell => new CascadeRecall(_top, [.. Enumerable.Range(0, _stageCount).Select(stage => _budgets[GetStep(cell, stage)])],
            _recalls[cell], _lowerBounds[cell]))];
    }

    // Up to all entries, which is a budget of its own.
    private static int[] GetBudgets(int top, int entryCount)
    {
        int all = Math.Max(top, entryCount);
        List<int> budgets = [];
        for (int step = 0; budgets.Count == 0 || budgets[^1] < all; step++)
        {
            if (GetBudget(step) >= top)
            {
                budgets.Add((int)Math.Min(all, GetBudget(step)));
            }
        }

        return [.. budgets];
    }

    // Per cell how many of the query's best entries are within all its budgets.
    private void Count(IReadOnlyList<IReadOnlyList<int[]>> ranks, int query, int[] counts)
    {
        Array.Clear(counts);
        int wanted = Math.Min(_top, ranks[0][query].Length);
        for (int i = 0; i < wanted; i++)
        {
            int cell = 0;
            bool isFound = true;
            for (int stage = 0; stage < _stageCount; stage++)
            {
                int step = FindStep(ranks[stage][query][i]);
                isFound &= step < _budgets.Length;
                cell += step * GetStride(stage);
            }

            if (isFound)
            {
                counts[cell]++;
            }
        }

        Accumulate(counts, (a, b) => a + b);
    }

    // Combines each cell with the one a budget lower, along every tier in turn.
    private void Accumulate<T>(T[] cells, Func<T, T, T> combine)
    {
        for (int stage = 0; stage < _stageCount; stage++)
        {
            int stride = GetStride(stage);
            for (int first = 0; first < cells.Length; first += stride * _budgets.Length)
            {
                for (int cell = first + stride; cell < first + (stride * _budgets.Length); cell++)
                {
                    cells[cell] = combine(cells[cell], cells[cell - stride]);
                }
            }
        }
    }

    private int GetStride(int stage)
    {
        int stride = 1;
        for (int i = 0; i < stage; i++)
        {
            stride *= _budgets.Length;
        }

        return stride;
    }

    private int GetStep(int cell, int stage) => cell / GetStride(stage) % _budgets.Length;

    private bool IsSmallest(int cell, double level)
    {
        for (int stage = 0; stage < _stageCount; stage++)
        {
            if (GetStep(cell, stage) > 0 && _lowerBounds[cell - GetStride(stage)] >= level)
            {
                return false;
            }
        }

        return true;
    }

    private bool Descends(int cell)
    {
        for (int stage = 1; stage < _stageCount; stage++)
        {
            if (GetStep(cell, stage) >= GetStep(cell, stage - 1))
            {
                return false;
            }
        }

        return true;
    }

    // The first budget that an entry of this rank is within; as many as there are budgets when it is within none.
    private int FindStep(int rank)
    {
        int step = 0;
        while (step < _budgets.Length && _budgets[step] <= rank)
        {
            step++;
        }

        return step;
    }
}
