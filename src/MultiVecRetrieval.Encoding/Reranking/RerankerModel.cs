using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Reranking;

/// <summary>A reranker loaded from a model folder: it reads query and document together and says how well one answers the other.
/// Thread-safe.</summary>
public sealed class RerankerModel : IDisposable
{
    private readonly OnnxSessions _sessions;
    private readonly Reranker _reranker;
    private readonly bool _isShared;

    private RerankerModel(RerankerPlan plan, EncoderOptions options)
    {
        Contract = plan.Contract;
        _sessions = new OnnxSessions(plan.Folder, options);
        _reranker = plan.Create(_sessions);
    }

    private RerankerModel(RerankerModel owner)
    {
        (Contract, _sessions, _reranker) = (owner.Contract, owner._sessions, owner._reranker);
        _isShared = true;
    }

    /// <summary>What the model offers.</summary>
    public RerankerContract Contract { get; }

    /// <summary>True for a folder that is meant as a reranker, whether or not it can be used.</summary>
    public static bool IsReranker(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return RerankerDetection.IsReranker(folder);
    }

    /// <summary>Loads the reranker of a folder; its graph is loaded, or its endpoint asked, when it is first used.</summary>
    /// <exception cref="ModelFormatException">The folder is no reranker that can be used; the message says what is missing.</exception>
    /// <exception cref="ExecutionProviderException">The execution provider asked for cannot be loaded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static RerankerModel Load(string folder, EncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new EncoderOptions();
        options.Validate();
        return new RerankerModel(RerankerDetection.Detect(folder), options);
    }

    /// <summary>Detects the contract from the files alone, without loading weights.</summary>
    /// <exception cref="ModelFormatException">The folder is no reranker that can be used; the message says what is missing.</exception>
    public static RerankerContract Inspect(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return RerankerDetection.Detect(folder).Contract;
    }

    /// <summary>How well each document answers the query.</summary>
    /// <param name="query">The query, read whole.</param>
    /// <param name="documents">The documents; what is beyond the model's length is not read.</param>
    /// <param name="threads">Pairs scored side by side, at least 1; an endpoint elsewhere is asked as its folder says.</param>
    /// <param name="cancellationToken">Stops between pairs.</param>
    /// <returns>One result per document, in their order; each is what it would be alone.</returns>
    /// <exception cref="ArgumentException">The query is so long that no token of a document can be read beside it.</exception>
    /// <exception cref="Remote.RemoteRerankerException">The endpoint gave no scores.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<PairRelevance> Score(
        string query, IReadOnlyList<string> documents, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return documents.Count == 0 ? [] : _reranker.Score(query, documents, threads, cancellationToken);
    }

    /// <summary>The same loaded model, to hand out to those who must not close it: disposing what this gives does nothing.</summary>
    public RerankerModel Share() => new(this);

    /// <summary>Frees the graph. No other call may be running. Does nothing to a shared model; see <see cref="Share"/>.</summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _sessions.Dispose();
        }
    }
}
