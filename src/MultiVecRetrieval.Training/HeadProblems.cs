using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>Makes a <see cref="HeadProblem"/> of a sample: equal documents become one, queries are held out, unlabelled ones get their
/// float neighbours as answers.</summary>
internal static class HeadProblems
{
    /// <summary>Answers of a query without labels, and the depth that recall is measured at.</summary>
    public const int Depth = 10;

    // Validation and test each get a tenth, at most this many: the interval of a recall is then below ±0.03.
    private const int MaxHeldOut = 1_000;
    private const int MinHeldOut = 20;

    /// <exception cref="ArgumentException">There are too few documents or queries.</exception>
    public static HeadProblem Create(BinarizerSample sample, BinarizerOptions options, CancellationToken cancellationToken)
    {
        sample.Check();
        Random random = new(options.Seed);
        (Matrix documents, int[] rows, int[] positions) = GetDistinct(sample.Documents, sample.Dimension);
        bool isLabelled = sample.Positives.Length > 0, isSelf = sample.Queries.Length == 0;
        int[] labels = [.. sample.Positives.Select(document => positions[document])];
        int[] kept = Choose(documents.Rows, options.MaxDocuments, random);
        Matrix chosen = documents.Gather(kept);
        int[] queryRows = [.. Enumerable.Range(0, isSelf ? chosen.Rows : sample.Queries.Length / sample.Dimension)];
        int[] self = [.. queryRows.Select(row => isSelf ? row : -1)];
        Matrix queries = isSelf ? chosen : new Matrix(queryRows.Length, sample.Dimension, sample.Queries);
        int[][] answers;
        if (isLabelled)
        {
            Dictionary<int,
                int> places = kept.Select((document, place) => (document, place)).ToDictionary(pair => pair.document, pair => pair.place);
            queryRows = [.. queryRows.Where(row => places.ContainsKey(labels[row]))];
            queryRows = [.. Choose(queryRows.Length, options.MaxDocuments, random).Select(i => queryRows[i])];
            answers = [.. queryRows.Select(row => new[] { places[labels[row]] })];
            queries = queries.Gather(queryRows);
            self = [.. queryRows.Select(_ => -1)];
        }
        else
        {
            queryRows = Choose(queryRows.Length, options.MaxDocuments, random);
            queries = isSelf ? queries : queries.Gather(queryRows);
            self = [.. queryRows.Select(row => self[row])];
            answers = Neighbors.Find(queries, chosen, Depth, null, self, options.Threads, cancellationToken);
        }

        int[] documentRows = [.. kept.Select(document => rows[document])];
        HeadProblem whole = new()
        {
            Documents = chosen,
            Queries = queries,
            DocumentRows = documentRows,
            QueryRows = isSelf ? [.. queryRows.Select(row => documentRows[row])] : queryRows,
            Answers = answers,
            Self = self,
            IsLabelled = isLabelled,
            Training = [],
            Validation = [],
            Test = [],
            IsTrainingDocument = [],
        };
        return Split(whole, random);
    }

    private static HeadProblem Split(HeadProblem whole, Random random)
    {
        (Matrix documents, Matrix queries, int[][] answers, int[] self) = (whole.Documents, whole.Queries, whole.Answers, whole.Self);
        bool isLabelled = whole.IsLabelled;
        int heldOut = Math.Min(MaxHeldOut, queries.Rows / 10);
        if (heldOut < MinHeldOut || documents.Rows < 10 * Depth)
        {
            throw new ArgumentException(
                $"Training holds out a tenth of the queries twice, at least {MinHeldOut} each, and needs {10 * Depth} distinct documents: " +
                $"{queries.Rows} queries and {documents.Rows} distinct documents are too few.");
        }

        // A document with several queries goes to one side with all of them: whole documents are drawn.
        int[] order = Shuffle(documents.Rows, random);
        int[][] byDocument = GroupBy(answers, self, documents.Rows, isLabelled, queries.Rows);
        List<int> validation = [], test = [], training = [];
        bool[] isTraining = new bool[documents.Rows];
        Array.Fill(isTraining, true);
        foreach (int document in order)
        {
            bool isHeldOut = validation.Count < heldOut || test.Count < heldOut;
            if (byDocument[document].Length == 0)
            {
                continue;
            }

            (isHeldOut ? (validation.Count < heldOut ? validation : test) : training).AddRange(byDocument[document]);
            if (isHeldOut && (isLabelled || self[byDocument[document][0]] >= 0))
            {
                isTraining[document] = false;
            }
        }

        training.RemoveAll(query => answers[query].All(answer => !isTraining[answer]));
        if (training.Count < MinHeldOut)
        {
            throw new ArgumentException($"{training.Count} queries are left to train on, {MinHeldOut} are needed.");
        }

        return whole with
        {
            Training = [.. training.Order()],
            Validation = [.. validation.Order()],
            Test = [.. test.Order()],
            IsTrainingDocument = isTraining,
        };
    }

    // Queries by their answer when it was given, by themselves when they are documents, else by their nearest document.
    private static int[][] GroupBy(int[][] answers, int[] self, int documentCount, bool isLabelled, int queryCount)
    {
        List<int>[] groups = new List<int>[documentCount];
        for (int query = 0; query < queryCount; query++)
        {
            int document = isLabelled || self[query] < 0 ? answers[query][0] : self[query];
            (groups[document] ??= []).Add(query);
        }

        return [.. groups.Select(group => group is null ? [] : group.ToArray())];
    }

    private static (Matrix Distinct, int[] Rows, int[] Positions) GetDistinct(float[] values, int dimension)
    {
        int count = values.Length / dimension;
        int[] positions = new int[count];
        List<int> first = [];
        Dictionary<RowKey, int> seen = new(count);
        for (int row = 0; row < count; row++)
        {
            RowKey key = new(values, row * dimension, dimension);
            if (!seen.TryGetValue(key, out int position))
            {
                position = first.Count;
                seen.Add(key, position);
                first.Add(row);
            }

            positions[row] = position;
        }

        return (new Matrix(count, dimension, values).Gather(CollectionsMarshal.AsSpan(first)), [.. first], positions);
    }

    /// <summary><paramref name="limit"/> of <paramref name="count"/> positions, ascending; all when there are no more.</summary>
    internal static int[] Choose(int count, int limit, Random random) =>
        count <= limit ? [.. Enumerable.Range(0, count)] : [.. Shuffle(count, random).Take(limit).Order()];

    private static int[] Shuffle(int count, Random random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }

    private readonly struct RowKey(float[] values, int offset, int count) : IEquatable<RowKey>
    {
        private ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(values.AsSpan(offset, count));

        public bool Equals(RowKey other) => Bytes.SequenceEqual(other.Bytes);

        public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.AddBytes(Bytes);
            return hash.ToHashCode();
        }
    }
}
