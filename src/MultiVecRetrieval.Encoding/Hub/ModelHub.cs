using MultiVecRetrieval.Encoding.Folders;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>Fetches model folders from a hub, or from what other programs have already fetched from it. Thread-safe.</summary>
/// <remarks>
/// Only files that a model folder reads are fetched, each is checked against the checksum that the hub lists for it, and the folder gets
/// its name when all is there. A download that ended early goes on where it ended.
/// </remarks>
public sealed class ModelHub
{
    private readonly ModelHubOptions _options;

    /// <param name="options">Where from; what the environment says by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ModelHub(ModelHubOptions? options = null)
    {
        _options = options ?? ModelHubOptions.FromEnvironment();
        _options.Validate();
    }

    /// <summary>Fetches a model.</summary>
    /// <param name="request">Which, and where to.</param>
    /// <param name="progress">Is told how far it is; null for nobody.</param>
    /// <param name="cancellationToken">Stops; what came is kept, and the next call goes on there.</param>
    /// <returns>The folder, and what it encodes.</returns>
    /// <exception cref="ArgumentException">The model, its revision, its variant or the name of the folder is none.</exception>
    /// <exception cref="ModelPullException">The model cannot be had; the message says why and what helps.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<PulledModel> PullAsync(
        ModelPullRequest request, IProgress<ModelPullProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ModelReference reference = ModelReference.Parse(request.Model);
        string name = request.Name ?? reference.DefaultName;
        if (!ModelReference.IsFolderName(name))
        {
            throw new ArgumentException($"'{name}' is no name for a model's folder: letters, digits, '.', '-', '_', no dot in front.");
        }

        if (request.Graph is { } variant && !GraphFiles.IsVariant(variant))
        {
            throw new ArgumentException($"'{variant}' is no variant of graphs: {string.Join(", ", GraphFiles.VariantNames)}.");
        }

        try
        {
            using HubClient client = new(_options, reference.Repository);
            HubCache? cache = _options.CacheFolder is { } folder ? new HubCache(folder, reference.Repository) : null;
            string commit = _options.IsOffline
                ? FindOffline(cache, reference)
                : await client.ResolveAsync(reference.Revision, cancellationToken).ConfigureAwait(false);
            string destination = Path.Combine(Path.GetFullPath(request.Into), name);
            if (FindInstalled(destination, reference, commit, request.Graph) is { } installed)
            {
                return installed;
            }

            IReadOnlyDictionary<string, HubFile> files = _options.IsOffline
                ? cache!.List(commit)
                : await client.ListAsync(commit, cancellationToken).ConfigureAwait(false);
            ModelPull pull = new(reference, commit, request.Graph, files, cache, _options.IsOffline ? null : client, progress);
            IReadOnlyList<string> fetched = await pull.RunAsync(destination, cancellationToken).ConfigureAwait(false);
            return Inspect(destination, reference.Repository, commit, fetched, wasThere: false);
        }
        catch (Exception error) when (error is FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelPullException(reference.Repository, error.Message, innerException: error);
        }
    }

    private static string FindOffline(HubCache? cache, ModelReference reference) =>
        cache?.FindCommit(reference.Revision) ?? throw new ModelPullException(
            reference.Repository,
            $"HF_HUB_OFFLINE is set, and the cache has no revision {reference.Revision} of it: {cache?.Folder ?? "there is no cache folder (HF_HOME)"}.");

    private static PulledModel? FindInstalled(string destination, ModelReference reference, string commit, string? graph)
    {
        if (!Directory.Exists(destination))
        {
            return null;
        }

        PullRecord? record = PullRecord.TryRead(destination);
        if (record is not null && record.Repository == reference.Repository && record.Commit == commit && record.Graph == graph
            && record.IsWhole(destination))
        {
            return Inspect(destination, record.Repository, commit, [.. record.Files.Select(file => file.Path)], wasThere: true);
        }

        // Collections remember the model that is there; another one in its place would leave them without it.
        string what = record is null ? "something else" : $"{record.Repository} at {record.Commit[..Math.Min(12, record.Commit.Length)]}, graph {record.Graph ?? "by default"}";
        throw new ModelPullException(
            reference.Repository, $"{destination} is there already and holds {what}. Give another name (--name), or remove that folder.");
    }

    private static PulledModel Inspect(string folder, string repository, string commit, IReadOnlyList<string> files, bool wasThere)
    {
        try
        {
            return new PulledModel(folder, repository, commit, files, wasThere, EncoderModel.Inspect(folder), Problem: null);
        }
        catch (ModelFormatException error)
        {
            return new PulledModel(folder, repository, commit, files, wasThere, Contract: null, error.Reason);
        }
    }
}
