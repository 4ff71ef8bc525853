namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>
/// One user's hold of a loaded graph. Models that name the same file share its session, so that its weights are in memory once; the last
/// one to let go frees it. Thread-safe.
/// </summary>
internal sealed class SharedSession : IDisposable
{
    private static readonly Lock Guard = new();
    private static readonly Dictionary<Key, Holding> Held = [];

    private readonly Key _key;
    private readonly Holding _holding;
    private bool _isReturned;

    private SharedSession(Key key, Holding holding) => (_key, _holding) = (key, holding);

    /// <summary>The session.</summary>
    public OnnxSession Session => _holding.Session.Value;

    /// <summary>The session of a file as it is now, loaded by <paramref name="load"/> if nobody holds it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="promoted">What is promoted in it.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="load">Loads it.</param>
    public static SharedSession Rent(string path, string promoted, EncoderOptions options, Func<OnnxSession> load)
    {
        FileInfo file = new(path);
        Key key = new(file.FullName, promoted, file.Length, file.LastWriteTimeUtc, options);
        Holding holding;
        lock (Guard)
        {
            if (!Held.TryGetValue(key, out holding!))
            {
                Held.Add(key, holding = new Holding(new Lazy<OnnxSession>(load)));
            }

            holding.UserCount++;
        }

        SharedSession rented = new(key, holding);
        try
        {
            // Loading takes long; other graphs are not kept waiting.
            _ = rented.Session;
            return rented;
        }
        catch
        {
            rented.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        lock (Guard)
        {
            if (_isReturned)
            {
                return;
            }

            _isReturned = true;
            if (--_holding.UserCount > 0)
            {
                return;
            }

            Held.Remove(_key);
        }

        if (_holding.Session.IsValueCreated)
        {
            _holding.Session.Value.Dispose();
        }
    }

    private sealed record Key(string Path, string Promoted, long Size, DateTime ModifiedAt, EncoderOptions Options);

    private sealed class Holding(Lazy<OnnxSession> session)
    {
        public Lazy<OnnxSession> Session { get; } = session;

        public int UserCount { get; set; }
    }
}
