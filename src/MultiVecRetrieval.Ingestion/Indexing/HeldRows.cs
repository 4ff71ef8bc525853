namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Counts the bytes of rows that wait to be written. Thread-safe.</summary>
internal sealed class HeldRows
{
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Hold(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
