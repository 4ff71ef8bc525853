using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>No model folder fits: none has the name, or none encodes the space of a collection.</summary>
public sealed class ModelNotFoundException : Exception
{
    /// <summary>No model has this name.</summary>
    /// <param name="model">The name or folder that was asked for.</param>
    /// <param name="searched">The folders that were searched.</param>
    public ModelNotFoundException(string model, IReadOnlyList<string> searched)
        : base($"There is no model '{model}'. Searched: {Join(searched)}. A model is a folder with its files, named by path or placed in one of these folders.")
    {
        Model = model;
        Searched = searched;
        Notice = $"There is no model '{model}'; mvr models lists those that are found.";
    }

    /// <summary>No model encodes this space.</summary>
    public ModelNotFoundException(Space space, SpaceId? foundAtItsFolder, IReadOnlyList<string> searched)
        : base(foundAtItsFolder is { } found
            ? $"Space '{space?.Name}' holds vectors of model {space?.Id}; the model in {space?.ModelFolder} is now {found}. "
                + $"Bring the old model back to one of {Join(searched)}, or let the new one take its place: mvr models replace {space?.Name} MODEL."
            : $"Space '{space?.Name}' holds vectors of model {space?.Id}, which is no longer at {space?.ModelFolder ?? "(unknown)"} "
                + $"and in none of {Join(searched)} (setting modelFolders).")
    {
        ArgumentNullException.ThrowIfNull(space);
        Model = space.Name;
        Searched = searched;
        Expected = space.Id;
        Actual = foundAtItsFolder;
        string instead = foundAtItsFolder is { } other ? $"another one ({other}) stands in its place" : "it is not installed";
        Notice = $"Space '{space.Name}' was not searched: its vectors are of model {space.Id}, and {instead}. "
            + $"Bring that model back (mvr models lists the folders), or let another one take its place: mvr models replace {space.Name} MODEL.";
    }

    /// <summary>The same without folders, for readers who should not see those of the machine: the page and its API.</summary>
    public string Notice { get; }

    /// <summary>The name that was asked for, or the name of the space.</summary>
    public string Model { get; }

    /// <summary>The folders that were searched.</summary>
    public IReadOnlyList<string> Searched { get; }

    /// <summary>The id of the space that needs a model, or null when a name was asked for.</summary>
    public SpaceId? Expected { get; }

    /// <summary>The id of the model that stands where the space's model stood, or null when there is none.</summary>
    public SpaceId? Actual { get; }

    private static string Join(IReadOnlyList<string> folders)
        => folders is null or { Count: 0 } ? "(no folders)" : string.Join(", ", folders);
}
