namespace MultiVecRetrieval.Tiers;

/// <summary>Turns the ranks that tiers give to the exact best entries of queries into recall by budget.</summary>
internal static class RecallTable
{
    /// <summary>First budgets that lose more than this are of no use, however large the second one is.</summary>
    private const double MinRecall = 0.5;

    // Six a decade: a step between budgets costs a search at most half as much again as the budget that it needs.
    private static readonly double[] Mantissas = [1, 1.5, 2, 3, 5, 7];

    /// <summary>10, 15, 20, 30, 50, 70, 100, ...</summary>
    public static long GetBudget(int step) => (long)Math.Round(10 * Mantissas[step % Mantissas.Length] * Math.Pow(10, step / Mantissas.Length));

    /// <summary>Recall of one tier, up to the budget that finds everything.</summary>
    /// <param name="ranks">Per query the rank, from 0, of each of its best entries, best first.</param>
    /// <param name="top">How many of them are wanted.</param>
    /// <param name="entryCount">Entries there are.</param>
    public static IReadOnlyList<BudgetRecall> Measure(IReadOnlyList<int[]> ranks, int top, int entryCount)
    {
        List<int> budgets = GetBudgets(top, entryCount);
        double[,][] shares = GetShares(ranks, null, top, budgets);
        List<BudgetRecall> steps = [];
        double lowerBound = 0;
        for (int i = 0; i < budgets.Count; i++)
        {
            double[] ofQueries = shares[0, i];
            double recall = ofQueries.Length == 0 ? 0 : ofQueries.Average();
            lowerBound = Math.Max(lowerBound, RecallBound.GetLower(ofQueries, top));
            steps.Add(new BudgetRecall(top, budgets[i], recall, lowerBound));
            if (recall >= 1)
                break;
        }

        return steps;
    }

    /// <summary>Recall of two tiers in a row, for every first budget up to the second budget beyond which nothing more is found.</summary>
    /// <param name="firstRanks">Per query the rank that the first tier gives to each of its best entries, among all entries.</param>
    /// <param name="ranks">The same of the second tier.</param>
    /// <param name="top">How many of them are wanted.</param>
    /// <param name="entryCount">Entries there are.</param>
    public static IReadOnlyList<CascadeRecall> Measure(IReadOnlyList<int[]> firstRanks, IReadOnlyList<int[]> ranks, int top, int entryCount)
    {
        List<int> budgets = GetBudgets(top, entryCount);
        double[,][] shares = GetShares(ranks, firstRanks, top, budgets);
        List<CascadeRecall> steps = [];
        for (int first = 0; first < budgets.Count; first++)
        {
            double limit = shares[first, first] is { Length: > 0 } all ? all.Average() : 0;
            double lowerBound = 0;
            for (int second = 0; second <= first && limit >= MinRecall; second++)
            {
                // What a smaller budget surely finds, a larger one does too.
                double recall = shares[first, second].Average();
                lowerBound = Math.Max(lowerBound, RecallBound.GetLower(shares[first, second], top));
                steps.Add(new CascadeRecall(top, budgets[first], budgets[second], recall, lowerBound));
                if (recall >= limit)
                    break;
            }

            if (limit >= 1)
                break;
        }

        return steps;
    }

    // Up to all entries, which is a budget of its own.
    private static List<int> GetBudgets(int top, int entryCount)
    {
        int all = Math.Max(top, entryCount);
        List<int> budgets = [];
        for (int step = 0; budgets.Count == 0 || budgets[^1] < all; step++)
        {
            if (GetBudget(step) >= top)
                budgets.Add((int)Math.Min(all, GetBudget(step)));
        }

        return budgets;
    }

    // [first budgets, second budgets]: per query the share of its best entries within both; with one tier there is one row.
    private static double[,][] GetShares(IReadOnlyList<int[]> ranks, IReadOnlyList<int[]>? firstRanks, int top, List<int> budgets)
    {
        int firstCount = firstRanks is null ? 1 : budgets.Count;
        double[,][] shares = new double[firstCount, budgets.Count][];
        for (int first = 0; first < firstCount; first++)
        {
            for (int second = 0; second < budgets.Count; second++)
                shares[first, second] = new double[ranks.Count];
        }

        int[,] counts = new int[firstCount, budgets.Count];
        for (int query = 0; query < ranks.Count; query++)
        {
            Array.Clear(counts);
            int wanted = Math.Min(top, ranks[query].Length);
            for (int i = 0; i < wanted; i++)
            {
                int first = firstRanks is null ? 0 : FindStep(budgets, firstRanks[query][i]);
                int second = FindStep(budgets, ranks[query][i]);
                if (first < firstCount && second < budgets.Count)
                    counts[first, second]++;
            }

            for (int first = 0; first < firstCount; first++)
            {
                int row = 0;
                for (int second = 0; second < budgets.Count; second++)
                {
                    row += counts[first, second];
                    counts[first, second] = row + (first > 0 ? counts[first - 1, second] : 0);
                    shares[first, second][query] = wanted == 0 ? 1 : (double)counts[first, second] / wanted;
                }
            }
        }

        return shares;
    }

    // The first budget that an entry of this rank is within; as many as there are budgets when it is within none.
    private static int FindStep(List<int> budgets, int rank)
    {
        int step = 0;
        while (step < budgets.Count && budgets[step] <= rank)
            step++;

        return step;
    }
}
