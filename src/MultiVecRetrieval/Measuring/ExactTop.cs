using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Measuring;

/// <summary>
/// The best entries of a query by their rows, and every entry that shares a score with one of them: which of equals a tier finds is the
/// same, so the one that it ranks best stands for the first of them, the next one for the second.
/// </summary>
internal sealed class ExactTop
{
    private readonly List<Tie> _ties = [];
    private readonly Dictionary<int, int> _tieOfEntry = [];

    /// <param name="best">The best entries, best first.</param>
    /// <param name="candidates">At least every entry whose score is one of theirs.</param>
    public ExactTop(ScoredId[] best, IEnumerable<ScoredId> candidates)
    {
        Best = best;
        Dictionary<double, int> tieOfScore = [];
        for (int i = 0; i < best.Length; i++)
        {
            if (tieOfScore.TryAdd(best[i].Score, _ties.Count))
            {
                _ties.Add(new Tie(i));
            }

            _ties[^1].WantedCount++;
        }

        foreach (ScoredId candidate in candidates)
        {
            if (tieOfScore.TryGetValue(candidate.Score, out int tie))
            {
                _ties[tie].Entries.Add(candidate.Id);
                _tieOfEntry[candidate.Id] = tie;
            }
        }
    }

    /// <summary>The best entries, best first.</summary>
    public ScoredId[] Best { get; }

    /// <summary>Ranks from a ranking of all entries, one per best entry.</summary>
    /// <param name="getRank">How many entries a tier ranks strictly above one: a search looks at all that tie with its last
    /// candidate.</param>
    public int[] Rank(Func<int, int> getRank)
    {
        int[] ranks = new int[Best.Length];
        foreach (Tie tie in _ties)
        {
            int[] sorted = [.. tie.Entries.Select(getRank)];
            Array.Sort(sorted);
            sorted.AsSpan(0, tie.WantedCount).CopyTo(ranks.AsSpan(tie.First));
        }

        return ranks;
    }

    /// <summary>Ranks from what an index finds when it is asked for more and more, one per best entry.</summary>
    /// <param name="budgets">Candidates to ask for, ascending.</param>
    /// <param name="find">The entries among so many candidates.</param>
    /// <returns>The smallest budget that found it, less one; <see cref="int.MaxValue"/> where none did.</returns>
    public int[] Rank(IEnumerable<int> budgets, Func<int, IEnumerable<int>> find)
    {
        int[] ranks = new int[Best.Length];
        Array.Fill(ranks, int.MaxValue);
        int[] counts = new int[_ties.Count];
        foreach (int budget in budgets)
        {
            Array.Clear(counts);
            foreach (int entry in find(budget))
            {
                if (_tieOfEntry.TryGetValue(entry, out int tie) && counts[tie] < _ties[tie].WantedCount)
                {
                    int place = _ties[tie].First + counts[tie]++;
                    ranks[place] = Math.Min(ranks[place], budget - 1);
                }
            }

            if (!ranks.Contains(int.MaxValue))
            {
                break;
            }
        }

        return ranks;
    }

    // Best entries of one score lie side by side.
    private sealed class Tie(int first)
    {
        public int First { get; } = first;

        public int WantedCount { get; set; }

        public List<int> Entries { get; } = [];
    }
}
