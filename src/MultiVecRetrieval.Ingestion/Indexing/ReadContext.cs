using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Sidecars;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>What reading needs: the decoders, the options, and where pictures go.</summary>
internal sealed class ReadContext(IndexingOptions options, WorkPool pool, ByteBudget pictures, CancellationToken cancellationToken)
{
    public IndexingOptions Options => options;

    public ImageDecoder Images { get; } = new(options.Limits);

    public PdfReader Pages { get; } = new(options.Limits);

    public SidecarReader Sidecars { get; } = new(options.Limits);

    public TextDocumentReader Texts { get; } = new(options.Limits);

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Hands a picture or a section to an idle worker, or encodes it here and now.</summary>
    public void Emit(EncodeJob job)
    {
        if (!pool.TryHandOver(job))
        {
            job.Encode(cancellationToken);
        }
    }

    /// <summary>Waits until a decoded picture of this size may be held, encoding what waits meanwhile.</summary>
    /// <returns>What gives the bytes back; call it once.</returns>
    public Action Reserve(long bytes)
    {
        while (!pictures.TryAcquire(bytes))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (pool.TryTakeEncode() is { } job)
            {
                job.Encode(cancellationToken);
                pool.EncodeDone();
            }
            else
            {
                Thread.Sleep(5);
            }
        }

        int isReleased = 0;
        return () =>
        {
            if (Interlocked.Exchange(ref isReleased, 1) == 0)
            {
                pictures.Release(bytes);
            }
        };
    }
}
