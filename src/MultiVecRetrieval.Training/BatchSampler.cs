using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>
/// Draws batches of (query, document) pairs in groups of neighbours, so that the negatives of a batch are hard: a random batch has none.
/// A document occurs once in a batch.
/// </summary>
internal sealed class BatchSampler
{
    // Pairs of a group: the seed and those of its nearest documents.
    private const int GroupSize = 16;

    private readonly HeadProblem _problem;
    private readonly int[][] _neighbors;
    private readonly List<int>[] _queriesOf;
    private readonly Random _random;
    private readonly int[] _order;
    private int _next;

    public BatchSampler(HeadProblem problem, Random random, int threads, CancellationToken cancellationToken)
    {
        _problem = problem;
        _random = random;
        _order = [.. problem.Training];
        _next = _order.Length;
        _queriesOf = new List<int>[problem.Documents.Rows];
        foreach (int query in problem.Training)
        {
            (_queriesOf[Home(query)] ??= []).Add(query);
        }

        int[] homes = [.. Enumerable.Range(0, _queriesOf.Length).Where(document => _queriesOf[document] is not null)];
        Matrix rows = problem.Documents.Gather(homes);
        int[] self = [.. Enumerable.Range(0, homes.Length)];
        int[][] found = Neighbors.Find(rows, rows, GroupSize - 1, null, self, threads, cancellationToken);
        _neighbors = new int[_queriesOf.Length][];
        for (int i = 0; i < homes.Length; i++)
        {
            _neighbors[homes[i]] = [.. found[i].Select(place => homes[place])];
        }
    }

    /// <summary>The next batch of at most <paramref name="size"/> pairs; every training query is a seed once before one is again.</summary>
    public (int[] Queries, int[] Documents) Next(int size)
    {
        List<int> queries = [], documents = [];
        HashSet<int> used = [];
        // A pass over all seeds that adds nothing ends a batch which cannot be filled.
        for (int tried = 0; queries.Count < size && tried < _order.Length; tried++)
        {
            if (_next == _order.Length)
            {
                _random.Shuffle(_order);
                _next = 0;
            }

            int seed = _order[_next++];
            Add(seed);
            foreach (int neighbor in _neighbors[Home(seed)])
            {
                if (queries.Count < size)
                {
                    List<int> candidates = _queriesOf[neighbor];
                    Add(candidates[_random.Next(candidates.Count)]);
                }
            }
        }

        return ([.. queries], [.. documents]);

        void Add(int query)
        {
            int[] answers = _problem.Answers[query];
            int first = _random.Next(answers.Length);
            for (int i = 0; i < answers.Length; i++)
            {
                int document = answers[(first + i) % answers.Length];
                if (_problem.IsTrainingDocument[document] && used.Add(document))
                {
                    queries.Add(query);
                    documents.Add(document);
                    return;
                }
            }
        }
    }

    private int Home(int query) => _problem.Self[query] >= 0 ? _problem.Self[query]
        : Array.Find(_problem.Answers[query], answer => _problem.IsTrainingDocument[answer]);
}
