using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Libraries.Indexing;

/// <summary>How the rows of new spaces are reduced.</summary>
/// <param name="Reducer">The reduction.</param>
/// <param name="IsAsked">True when a request asked for it, so that a space that has another is an error; a setting is for new spaces
/// only.</param>
internal sealed record NewSpaceRows(RowReducer Reducer, bool IsAsked)
{
    private const string SettingName = "reduction";

    /// <exception cref="InvalidSettingException">It is not understood.</exception>
    public static NewSpaceRows Read(string? asked, LibraryOptions options)
    {
        string spec = asked ?? options.Reduction;
        try
        {
            return new NewSpaceRows(Reductions.Parse(spec), asked is not null);
        }
        catch (SpecException wrong)
        {
            throw new InvalidSettingException(SettingName, spec, $"a reduction that there is ({wrong.Reason.TrimEnd('.')})");
        }
    }

    /// <summary>What a new space of a model says; null when all rows stay, as those of passages do: they are few, and each says
    /// something else.</summary>
    /// <exception cref="InvalidSettingException">It needs saliency that the model does not give.</exception>
    public string? For(ModelContract contract) =>
        Reducer.Spec == Reductions.None || contract.EncodesPassages ? null
        : !Reducer.NeedsSaliency || contract.GivesSaliency ? Reducer.Spec
        : throw new InvalidSettingException(
            SettingName, Reducer.Spec,
            $"one that needs no attention, for the model {contract.Name} gives none: by=density, by=distance or by=rarity guess from the rows");

    /// <exception cref="InvalidSettingException">A space has another reduction than the one asked for.</exception>
    public void CheckKnown(IEnumerable<Space> spaces)
    {
        foreach (Space space in spaces.Where(space => IsAsked && (space.Reduction ?? Reductions.None) != Reducer.Spec))
        {
            throw new InvalidSettingException(
                SettingName, Reducer.Spec,
                $"'{space.Reduction ?? Reductions.None}', which the space {space.Name} was made with; another one needs a new collection");
        }
    }
}
