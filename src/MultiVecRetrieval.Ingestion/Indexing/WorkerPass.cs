namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>The workers and the writer of a run, for one pass after the other; the first that fails or is cancelled is the last.</summary>
internal sealed class WorkerPass(
    Collection collection, IReadOnlyList<SpaceEncoder> encoders, IndexingOptions options,
    IReadOnlyDictionary<string, MetadataValue> metadata, SourceTable ledger, RunTally tally, ProgressMeter meter,
    CancellationTokenSource stop)
{
    // Rows of encoded pages that wait for the writer; beyond it only the document being written is read on.
    private const long MaxHeldRowBytes = 128L << 20;

    private readonly int _workerCount = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
    private Exception? _fatal;

    /// <summary>What ended the run, other than cancellation: the collection or a model is unusable. What was committed stays.</summary>
    public Exception? Fatal => _fatal;

    /// <summary>Plans on this thread what workers read and encode meanwhile, until all of it is durable.</summary>
    /// <param name="plan">Adds pieces to the pool.</param>
    public void Run(Action<RunContext, ReadContext, WorkPool> plan)
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        using CommitWriter writer = new(collection, tally, meter);
        WorkPool pool = new(read => writer.HeldRows.Bytes <= MaxHeldRowBytes || writer.IsOpen(read.Document));
        ReadContext reading = new(options, pool, new ByteBudget(options.PictureMemoryBytes), stop.Token);
        RunContext run = new()
        {
            Collection = collection,
            Encoders = encoders,
            Ledger = ledger,
            Writer = writer,
            Tally = tally,
            Meter = meter,
            Metadata = metadata,
            WorkerCount = _workerCount,
            CancellationToken = stop.Token,
        };

        Thread writing = new(() => Guard(writer.Run)) { Name = "mvr writer", IsBackground = true };
        Thread[] workers = [.. Enumerable.Range(0, _workerCount).Select(index =>
            new Thread(() => Guard(() => pool.Work(reading))) { Name = $"mvr worker {index}", IsBackground = true })];
        using CancellationTokenRegistration stopping = stop.Token.Register(pool.Stop);
        writing.Start();
        Array.ForEach(workers, worker => worker.Start());
        Guard(() => plan(run, reading, pool));
        pool.Complete();
        Array.ForEach(workers, worker => worker.Join());
        writer.Complete();
        writing.Join();
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The pool stops by itself.
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _fatal, error, null);
            stop.Cancel();
        }
    }
}
