using System.Collections.Concurrent;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Attributes;

/// <summary>Finds the space in which the values of an attribute are compared, and encodes them for it, each once. Thread-safe.</summary>
internal sealed class AttributeSpaces(ModelShelf models)
{
    // Values of one definition are few; a library has few definitions at a time.
    private const int MaxRemembered = 256;

    private readonly ConcurrentDictionary<string, MultiVector> _encoded = new(StringComparer.Ordinal);

    /// <summary>The values of an attribute as rows of its space.</summary>
    /// <exception cref="UnknownSpaceException">The attribute names a space that the collection does not have.</exception>
    /// <exception cref="ModelNotFoundException">The model of the space is not there.</exception>
    /// <exception cref="InvalidQueryException">No space compares texts with entries, or the model cannot say which values are there.</exception>
    /// <exception cref="RemoteEncoderException">The encoder is elsewhere and did not answer.</exception>
    public EncodedAttribute Encode(IReadOnlyList<Space> spaces, AttributeDefinition attribute, CancellationToken cancellationToken)
    {
        (Space space, ModelContract contract) = Find(spaces, attribute);
        if (attribute is { IsMultiple: true, Threshold: null } && contract.PresenceSimilarity is null)
        {
            throw new InvalidQueryException(
                $"The model {contract.Name} has no similarity from which something is there, so attribute '{attribute.Name}' of several values needs a threshold.",
                "threshold");
        }

        EncoderModel model = models.Load(models.FindForQueries(space));
        MultiVector[] rows =
        [
            .. attribute.Values.Select(value => attribute.Template.Replace("{}", value, StringComparison.Ordinal))
                .Select(text => EncodeValue(model, space, text, cancellationToken)),
        ];
        return new EncodedAttribute(attribute, space, rows, attribute.Threshold ?? contract.PresenceSimilarity);
    }

    private MultiVector EncodeValue(EncoderModel model, Space space, string text, CancellationToken cancellationToken)
    {
        string key = $"{space.Id.Value}\n{text}";
        if (_encoded.TryGetValue(key, out MultiVector? known))
        {
            return known;
        }

        MultiVector rows = model.EncodeText(text, cancellationToken).Rows;
        if (_encoded.Count >= MaxRemembered)
        {
            _encoded.Clear();
        }

        return _encoded[key] = rows;
    }

    private (Space Space, ModelContract Contract) Find(IReadOnlyList<Space> spaces, AttributeDefinition attribute)
    {
        if (attribute.Space is { } name)
        {
            Space named = spaces.FirstOrDefault(space => space.Name == name)
                ?? throw new UnknownSpaceException(name, [.. spaces.Select(space => space.Name)]);
            ModelContract contract = models.GetContract(models.FindForQueries(named));
            return contract is { EncodesText: true, IsSemantic: true } ? (named, contract) : throw new InvalidQueryException(
                $"The model {contract.Name} of space '{name}' compares no meaning of texts, so it finds no values of attributes.", "space");
        }

        ModelNotFoundException? missing = null;
        List<(Space Space, ModelContract Contract)> found = [];
        foreach (Space space in spaces.Where(space => space.State == SpaceState.Live))
        {
            try
            {
                ModelContract asked = models.GetContract(models.FindForQueries(space));
                if (asked is { EncodesText: true, IsSemantic: true })
                {
                    found.Add((space, asked));
                }
            }
            catch (ModelNotFoundException error)
            {
                missing = error;
            }
        }

        return found.Count > 0
            ? found.Find(side => side.Contract.EncodesImages) is { Space: not null } pictures ? pictures : found[0]
            : throw missing ?? (Exception)new InvalidQueryException(
                $"No model of this collection compares texts with what entries show or say, so attribute '{attribute.Name}' has no values; index with one (photos, minilm, CLIP, SigLIP).",
                "space");
    }
}
