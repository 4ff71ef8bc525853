using MultiVecRetrieval.Libraries.Models;

namespace MultiVecRetrieval.Libraries.Indexing;

/// <summary>
/// Gives a collection a new model in place of an old one: a space that is filled beside the old one, which is asked until the new one has
/// everything, and is kept after the switch.
/// </summary>
internal sealed class ModelReplacing(ModelShelf models, LibraryOptions options)
{
    /// <summary>The space to fill: one that an interrupted run began, one that was kept, or a new one.</summary>
    /// <param name="collection">The collection, its lock held.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="create">Makes the space of a model folder.</param>
    public Space Prepare(Collection collection, ReplaceModelRequest request, Func<string, NewSpaceRows, Space> create)
    {
        Space old = Find(collection, request.Space);
        if (old.State != SpaceState.Live)
        {
            throw new SpaceStateException($"Space '{old.Name}' is not asked; {Describe(old)}.");
        }

        Space wanted = create(models.Find(request.Model), NewSpaceRows.Read(old.Reduction ?? Numerics.Reduction.Reductions.None, options));
        Space? known = collection.Spaces.FirstOrDefault(space => space.Id == wanted.Id);
        if (known is { State: SpaceState.Live })
        {
            throw new SpaceStateException(known.Name == old.Name
                ? $"Space '{old.Name}' is of this model already."
                : $"The model has the space '{known.Name}' here, which is asked already; mvr models remove {old.Name} drops the other.");
        }

        if (known is { State: SpaceState.Filling } && known.Counterpart != old.Name)
        {
            throw new SpaceStateException($"The model is taking the place of space '{known.Counterpart}'.");
        }

        // If the run ends early, the next one still knows what the space lacks; and what failed before is tried again.
        MarkPending(collection);
        if (known is not null)
        {
            return known;
        }

        Space added = wanted with
        {
            Name = FreeName(collection.Spaces, wanted.Name),
            RowFormat = old.RowFormat,
            State = SpaceState.Filling,
            Counterpart = old.Name,
        };
        collection.AddSpace(added);
        return added;
    }

    /// <summary>Measures, and switches when nothing is missing or that is allowed.</summary>
    public static ModelReplacement Finish(
        Collection collection, ReplaceModelRequest request, Space filled, IndexReport report, CancellationToken cancellationToken)
    {
        long missing = collection.CountEntriesWithout(request.Space, filled.Name);
        bool isSwitched = missing == 0 || request.AllowMissing;
        double? agreement = null;
        if (isSwitched)
        {
            agreement = SpaceAgreement.Measure(collection, Find(collection, request.Space), filled, cancellationToken);
            collection.SwitchSpace(request.Space, filled.Name);
        }

        return new ModelReplacement(request.Space, filled.Name, report, missing, agreement, isSwitched);
    }

    /// <summary>Takes a kept space back at once. What was added since has no rows in it until the next run.</summary>
    public static void Restore(Collection collection, string name)
    {
        Space kept = Find(collection, name);
        Space? live = collection.Spaces.FirstOrDefault(space => space.Name == kept.Counterpart);
        if (kept.State != SpaceState.Kept || live is not { State: SpaceState.Live })
        {
            throw new SpaceStateException($"Space '{name}' cannot be taken back: {Describe(kept)}.");
        }

        MarkPending(collection);
        collection.SwitchSpace(live.Name, kept.Name);
    }

    /// <summary>Removes a space; what was to take its place, or whose place it took, is asked then, and filled by the next run.</summary>
    public static void Remove(Collection collection, string name)
    {
        HashSet<string> asked = [.. collection.Spaces.Where(space => space.State == SpaceState.Live).Select(space => space.Name)];
        collection.RemoveSpace(name);
        if (collection.Spaces.Any(space => space.State == SpaceState.Live && !asked.Contains(space.Name)))
        {
            MarkPending(collection);
        }
    }

    /// <summary>Lets the next run look at every file again: a space lacks some of them.</summary>
    public static void MarkPending(Collection collection) => collection.Sources.Save(
        [.. collection.Sources.List(SourceState.Indexed).Select(row => row with { State = SourceState.Pending })]);

    private static string Describe(Space space) => space.State switch
    {
        SpaceState.Filling => $"it is being filled to take the place of '{space.Counterpart}'",
        SpaceState.Kept when space.Counterpart is { } other => $"'{other}' took its place",
        SpaceState.Kept => "what took its place is gone",
        _ => "it is asked already",
    };

    private static Space Find(Collection collection, string name) => collection.Spaces.FirstOrDefault(space => space.Name == name)
        ?? throw new UnknownSpaceException(name, [.. collection.Spaces.Select(space => space.Name)]);

    // New weights come in a folder of the same name.
    private static string FreeName(IReadOnlyList<Space> spaces, string name) => Enumerable.Range(1, spaces.Count + 1)
        .Select(number => number == 1 ? name : $"{name}-{number}").First(free => spaces.All(space => space.Name != free));
}
