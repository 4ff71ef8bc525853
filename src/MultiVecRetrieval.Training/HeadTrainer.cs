using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>Trains the blocks of a head in the coordinates of <see cref="HeadCoordinates"/> and keeps those of the best step.</summary>
internal sealed class HeadTrainer
{
    private const float Temperature = 0.05f;
    private const float MaxGradientNorm = 5;
    private const float WeightDecay = 0.01f;
    private const int EvaluationInterval = 25;
    // Evaluations in a row without a better recall after which training ends.
    private const int Patience = 8;
    // Rows whose mean and deviation stand for all when blocks are frozen.
    private const int PopulationSize = 4_096;

    private readonly HeadProblem _problem;
    private readonly BinarizerOptions _options;
    private readonly Matrix _queries, _documents;
    private readonly float[] _queryMean, _direction;
    private readonly RecurrentQuantizer _quantizer;
    private readonly HeadObjective _objective;
    private readonly Matrix? _frozenCodes;
    private readonly float[] _frozenBiases = [];

    /// <param name="queries">z of the queries of the problem.</param>
    /// <param name="documents">z of its documents.</param>
    /// <param name="origin">z of the vector of zeros, [m].</param>
    /// <param name="oldDocuments">z of the documents as the old codes hold them, for compatible training; null otherwise.</param>
    public HeadTrainer(
        HeadProblem problem, BinarizerOptions options, Matrix queries, Matrix documents, float[] origin, Matrix? oldDocuments = null)
    {
        _problem = problem;
        _options = options;
        _queries = queries;
        _documents = documents;
        _quantizer = new RecurrentQuantizer(options.Bits);
        _queryMean = HeadCoordinates.GetMean(queries.Gather(problem.Training));
        _direction = [.. _queryMean];
        RowMath.AddScaled(origin, -1, _direction);
        _objective = new HeadObjective(_quantizer, _queryMean, _direction, Temperature, options.Threads)
        {
            ContrastiveWeight = options.ContrastiveWeight ?? (problem.IsLabelled ? 1 : 0.1f),
            DistillationWeight = oldDocuments is not null ? 0 : options.DistillationWeight ?? (problem.IsLabelled ? 0.1f : 1),
        };
        if (oldDocuments is not null)
        {
            _frozenCodes = Quantize(oldDocuments);
            _frozenBiases = _objective.GetBiases(oldDocuments);
        }
    }

    /// <summary>Recall of the untrained head on the validation queries.</summary>
    public double StartRecall { get; private set; }

    /// <summary>Recall of the best step on them.</summary>
    public double BestRecall { get; private set; }

    /// <summary>The best step; 0 when none is better than the untrained head.</summary>
    public int BestStep { get; private set; }

    /// <summary>Steps that were done.</summary>
    public int StepCount { get; private set; }

    /// <summary>Recall of the untrained head on the validation queries.</summary>
    public double MeasureStart(CancellationToken cancellationToken) => MeasureRecall([], cancellationToken);

    /// <summary>The blocks of the best step; none when no step is better than the untrained head.</summary>
    public FrozenBlock[] Train(IProgress<BinarizerProgress>? progress, CancellationToken cancellationToken)
    {
        Random random = new(_options.Seed + 1);
        (HeadNetwork network, AdamOptimizer optimizer, BatchSampler sampler) = Begin(random, cancellationToken);
        Matrix population = GetPopulation(random);
        StartRecall = BestRecall = MeasureRecall([], cancellationToken);
        FrozenBlock[] best = [];
        int stale = 0;
        for (int step = 1; step <= _options.Steps && stale < Patience; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double loss = Step(network, sampler);
            optimizer.Step(GetLearningRate(step));
            StepCount = step;
            if (step % EvaluationInterval == 0 || step == _options.Steps)
            {
                FrozenBlock[] frozen = network.Freeze(population, _options.Threads);
                double recall = MeasureRecall(frozen, cancellationToken);
                stale++;
                if (recall > BestRecall)
                {
                    (BestRecall, BestStep, best, stale) = (recall, step, frozen, 0);
                }

                progress?.Report(new BinarizerProgress(step, _options.Steps, loss, StartRecall, BestRecall));
            }
        }

        return best;
    }

    /// <summary>What one step does, without evaluations: for a benchmark.</summary>
    public Action CreateStep(CancellationToken cancellationToken)
    {
        (HeadNetwork network, AdamOptimizer optimizer, BatchSampler sampler) = Begin(new Random(_options.Seed + 1), cancellationToken);
        return () =>
        {
            Step(network, sampler);
            optimizer.Step(_options.LearningRate);
        };
    }

    private (HeadNetwork Network, AdamOptimizer Optimizer, BatchSampler Sampler) Begin(Random random, CancellationToken cancellationToken)
    {
        int hidden = _options.Hidden == 0 ? 2 * _documents.Columns : _options.Hidden;
        HeadNetwork network = new(_documents.Columns, hidden, _options.BlockCount, random);
        AdamOptimizer optimizer = new(network.Parameters, MaxGradientNorm, WeightDecay);
        return (network, optimizer, new BatchSampler(_problem, random, _options.Threads, cancellationToken));
    }

    /// <summary>One forward and backward pass.</summary>
    private double Step(HeadNetwork network, BatchSampler sampler)
    {
        (int[] queries, int[] documents) = sampler.Next(_options.BatchSize);
        int count = queries.Length, m = _documents.Columns;
        Matrix queryInput = _queries.Gather(queries), documentInput = _documents.Gather(documents);
        Matrix input = new(2 * count, m);
        queryInput.Span.CopyTo(input.Span);
        documentInput.Span.CopyTo(input.Span[(count * m)..]);
        Matrix output = network.Forward(input, _options.Threads);
        Matrix newQueries = new(count, m, output.Span[..(count * m)].ToArray());
        Matrix newDocuments = new(count, m, output.Span[(count * m)..].ToArray());
        Matrix queryGradient = new(count, m), documentGradient = new(count, m);

        bool IsNegative(int i, int j) =>
            documents[j] != _problem.Self[queries[i]] && Array.IndexOf(_problem.Answers[queries[i]], documents[j]) < 0;
        Matrix? teacher = _objective.DistillationWeight > 0 ? GetTeacher(queryInput, documentInput, queries, documents) : null;
        double loss = _objective.Add(newQueries, newDocuments, IsNegative, teacher, queryGradient, documentGradient);
        if (_frozenCodes is not null)
        {
            float[] biases = [.. documents.Select(document => _frozenBiases[document])];
            loss += _objective.AddFrozen(newQueries, _frozenCodes.Gather(documents), biases, IsNegative, 1, queryGradient);
        }

        Matrix gradient = new(2 * count, m);
        queryGradient.Span.CopyTo(gradient.Span);
        documentGradient.Span.CopyTo(gradient.Span[(count * m)..]);
        network.Backward(gradient, _options.Threads);
        return loss;
    }

    // What the float rows say; a query does not find itself.
    private Matrix GetTeacher(Matrix queryInput, Matrix documentInput, int[] queries, int[] documents)
    {
        Matrix logits = _objective.GetLogits(queryInput, documentInput, _objective.GetBiases(documentInput), out _);
        for (int i = 0; i < queries.Length; i++)
        {
            int self = _problem.Self[queries[i]];
            int place = self < 0 ? -1 : Array.IndexOf(documents, self);
            if (place >= 0)
            {
                logits[i][place] = float.NegativeInfinity;
            }
        }

        return logits;
    }

    private float GetLearningRate(int step) => _options.LearningRate * (
        step <= _options.Steps * 0.6 ? 1f : step <= _options.Steps * 0.85 ? 0.1f : 0.01f);

    // As many queries as documents, as in a batch.
    private Matrix GetPopulation(Random random)
    {
        int[] trainingDocuments = [.. Enumerable.Range(0, _documents.Rows).Where(document => _problem.IsTrainingDocument[document])];
        int count = Math.Min(PopulationSize / 2, Math.Min(trainingDocuments.Length, _problem.Training.Length));
        Matrix queries =
            _queries.Gather([.. HeadProblems.Choose(_problem.Training.Length, count, random).Select(i => _problem.Training[i])]);
        Matrix documents =
            _documents.Gather([.. HeadProblems.Choose(trainingDocuments.Length, count, random).Select(i => trainingDocuments[i])]);
        return new Matrix(2 * count, _documents.Columns, [.. queries.Span, .. documents.Span]);
    }

    // Compatible heads are judged where they are used: against the old codes.
    private double MeasureRecall(FrozenBlock[] blocks, CancellationToken cancellationToken)
    {
        Matrix queries = Apply(blocks, _queries.Gather(_problem.Validation));
        Matrix documents = _frozenCodes is null ? Apply(blocks, _documents) : _documents;
        Matrix codes = _frozenCodes ?? Quantize(documents);
        float[] biases = _frozenCodes is null ? _objective.GetBiases(documents) : _frozenBiases;
        for (int row = 0; row < queries.Rows; row++)
        {
            RowMath.AddScaled(_queryMean, -1, queries[row]);
        }

        int[] self = [.. _problem.Validation.Select(query => _problem.Self[query])];
        int[][] found = Neighbors.Find(queries, codes, HeadProblems.Depth, biases, self, _options.Threads, cancellationToken);
        return Recall.OfEach(found, [.. _problem.Validation.Select(query => _problem.Answers[query])]).Average();
    }

    private Matrix Apply(FrozenBlock[] blocks, Matrix rows)
    {
        Matrix values = rows.Clone();
        foreach (FrozenBlock block in blocks)
        {
            block.Apply(values, _options.Threads);
        }

        return values;
    }

    private Matrix Quantize(Matrix rows)
    {
        Matrix codes = new(rows.Rows, rows.Columns);
        Parallel.For(0, rows.Rows, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, row =>
            _quantizer.Quantize(rows[row], codes[row]));
        return codes;
    }
}
