using System.Collections.Concurrent;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Reranking;

namespace MultiVecRetrieval.Libraries.Models;

/// <summary>Finds model folders and loads each encoder once, when it is first needed. Thread-safe.</summary>
internal sealed class ModelShelf(LibraryOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<FoundModel>> _inspected = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<EncoderModel>> _encoders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<RerankerModel>> _rerankers = new(StringComparer.Ordinal);

    /// <summary>Where models are looked for, in order: as configured, beside the data folder, bundled.</summary>
    public IReadOnlyList<string> SearchedFolders { get; } =
    [
        .. options.ModelFolders.Select(Path.GetFullPath)
            .Append(Path.GetFullPath(Path.Combine(options.DataFolder, "..", "models")))
            .Append(BundledModels.Folder).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Every model, in the order of search. The first of a name is the one that the name means; a copy of it is left
    /// out.</summary>
    public IReadOnlyList<FoundModel> List()
    {
        Dictionary<string, FoundModel> names = new(StringComparer.OrdinalIgnoreCase);
        List<FoundModel> models = [];
        foreach (string folder in Candidates())
        {
            FoundModel model = Inspect(folder);
            string name = Path.GetFileName(folder);
            if (names.TryAdd(name, model))
            {
                models.Add(model);
            }
            else if (model.Reranker is null && (model.Contract is null || model.Contract.SpaceId != names[name].Contract?.SpaceId))
            {
                models.Add(model with
                {
                    Problem = $"the name {name} means {names[name].Folder}; use the path of this folder to choose it"
                });
            }
        }

        return models;
    }

    /// <summary>The folder that a name or path means.</summary>
    /// <exception cref="ModelNotFoundException">There is none.</exception>
    public string Find(string folderOrName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folderOrName);
        bool isName = Path.GetFileName(folderOrName) == folderOrName;
        string? named = isName ? Candidates().FirstOrDefault(folder => IsNamed(folder, folderOrName)) : null;
        return named ?? (Directory.Exists(folderOrName)
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folderOrName))
            : throw new ModelNotFoundException(folderOrName, SearchedFolders));
    }

    /// <summary>The folder of the model that encodes a space: the one it remembers, or wherever the same model is now.</summary>
    /// <exception cref="ModelNotFoundException">No known folder has the model; names both ids when another model took its
    /// place.</exception>
    public string FindForSpace(Space space)
    {
        FoundModel? remembered = space.ModelFolder is { } folder && Directory.Exists(folder) ? Inspect(folder) : null;
        if (remembered?.Contract?.SpaceId == space.Id)
        {
            return remembered.Folder;
        }

        return Candidates().Select(Inspect).FirstOrDefault(model => model.Contract?.SpaceId == space.Id)?.Folder
            ?? throw new ModelNotFoundException(space, remembered?.Contract?.SpaceId, SearchedFolders);
    }

    /// <summary>The folder of the model that encodes queries for a space: its own where that is here and takes such, else one that says
    /// that it asks this space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="ofPictures">True for queries that are pictures, false for texts.</param>
    /// <exception cref="ModelNotFoundException">There is neither.</exception>
    /// <exception cref="ModelFormatException">One says that it asks this space and makes rows of another length.</exception>
    public string FindForQueries(Space space, bool ofPictures = false)
    {
        ModelNotFoundException? missing = null;
        string? own = null;
        try
        {
            own = FindForSpace(space);
            if (Takes(GetContract(own)))
            {
                return own;
            }
        }
        catch (ModelNotFoundException error)
        {
            missing = error;
        }

        FoundModel[] asks = [.. Candidates().Select(Inspect).Where(model => model.Contract?.QuerySpace == space.Id)];
        FoundModel? asking = asks.FirstOrDefault(model => Takes(model.Contract!)) ?? (own is null ? asks.FirstOrDefault() : null);
        if (asking?.Contract is { } contract && contract.Dimension != space.Dimension)
        {
            throw new ModelFormatException(
                asking.Folder,
                $"it says that it asks the space '{space.Name}' of {space.Dimension} values a row, and makes rows of {contract.Dimension}.");
        }

        return asking?.Folder ?? own ?? throw missing!;

        bool Takes(ModelContract contract) => ofPictures ? contract.ComparesPictures : contract.EncodesText;
    }

    /// <exception cref="ModelFormatException">The folder is no model that can be used.</exception>
    public ModelContract GetContract(string folder)
    {
        FoundModel model = Inspect(folder);
        return model.Contract ?? throw new ModelFormatException(
            folder, model.Problem ?? "it is a reranker, which scores pairs of texts and encodes nothing.");
    }

    /// <summary>The encoder of a model folder; disposing it does nothing.</summary>
    /// <exception cref="ModelFormatException">The folder is no model that can be used.</exception>
    public EncoderModel Load(string folder) =>
        GetOnce(_encoders, folder, () => EncoderModel.Load(folder, options.Encoder)).Share();

    /// <summary>The reranker of a model folder; disposing it does nothing.</summary>
    /// <exception cref="ModelFormatException">The folder is no reranker that can be used.</exception>
    public RerankerModel LoadReranker(string folder) =>
        GetOnce(_rerankers, folder, () => RerankerModel.Load(folder, options.Encoder)).Share();

    public void Dispose()
    {
        foreach (Lazy<RerankerModel> reranker in _rerankers.Values.Where(reranker => reranker.IsValueCreated))
        {
            reranker.Value.Dispose();
        }

        foreach (Lazy<EncoderModel> encoder in _encoders.Values.Where(encoder => encoder.IsValueCreated))
        {
            encoder.Value.Dispose();
        }
    }

    private static bool IsNamed(string folder, string name) =>
        Path.GetFileName(folder).Equals(name, StringComparison.OrdinalIgnoreCase);

    private FoundModel Inspect(string folder) => GetOnce(_inspected, folder, () =>
    {
        try
        {
            return RerankerModel.IsReranker(folder)
                ? new FoundModel(folder, Contract: null, Problem: null) { Reranker = RerankerModel.Inspect(folder) }
                : new FoundModel(folder, EncoderModel.Inspect(folder), Problem: null);
        }
        catch (Exception error) when (error is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            return new FoundModel(folder, Contract: null, error is ModelFormatException format ? format.Reason : error.Message);
        }
    });

    private IEnumerable<string> Candidates()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string folder in SearchedFolders.Where(Directory.Exists))
        {
            // A configured folder may be one model itself; the other two places always hold folders of models.
            IEnumerable<string> models = LooksLikeModel(folder)
                ? [folder]
                : Directory.EnumerateDirectories(folder).Where(model => !IsHidden(model) && LooksLikeModel(model))
                    .Order(StringComparer.Ordinal);
            foreach (string model in models.Select(Path.TrimEndingDirectorySeparator).Where(seen.Add))
            {
                yield return model;
            }
        }
    }

    // Folders of models that are being fetched start with a dot.
    private static bool IsHidden(string folder) => Path.GetFileName(folder).StartsWith('.');

    /// <summary>True for a folder that is meant as a model.</summary>
    public static bool LooksLikeModel(string folder) => Directory.Exists(folder) && (
        File.Exists(Path.Combine(folder, "config.json")) || File.Exists(Path.Combine(folder, "remote.json"))
        || File.Exists(Path.Combine(folder, "open_clip_config.json"))
        || Directory.Exists(Path.Combine(folder, "onnx")) || Directory.EnumerateFiles(folder, "*.onnx").Any());

    // A failed load is forgotten, so that a repaired folder can be tried again.
    private static T GetOnce<T>(ConcurrentDictionary<string, Lazy<T>> cache, string key, Func<T> create)
    {
        Lazy<T> value = cache.GetOrAdd(key, _ => new Lazy<T>(create));
        try
        {
            return value.Value;
        }
        catch
        {
            cache.TryRemove(new KeyValuePair<string, Lazy<T>>(key, value));
            throw;
        }
    }
}
