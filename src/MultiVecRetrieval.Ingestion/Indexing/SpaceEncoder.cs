using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Passages;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>A space of the collection and the encoder that fills it; the encoder is loaded when the first picture or text needs
/// it.</summary>
internal sealed class SpaceEncoder
{
    private readonly Lazy<EncoderModel> _encoder;

    public SpaceEncoder(Space space, ModelContract contract, Func<EncoderModel> load)
    {
        (Space, Contract) = (space, contract);
        _encoder = new Lazy<EncoderModel>(load);
        Passages = contract.EncodesPassages ? new PassageEncoder(contract, _encoder) : null;
    }

    public Space Space { get; }

    public ModelContract Contract { get; }

    /// <summary>What fills a space with the meaning of text; null for a space of pictures.</summary>
    public PassageEncoder? Passages { get; }

    /// <summary>False for a model of photographs and a document page, and for a model of pictures and a text.</summary>
    public bool Sees(MediaType type) => type switch
    {
        MediaType.Page => Contract.ReadsPages,
        MediaType.Text => Passages is not null,
        _ => true,
    };

    public EncoderModel Encoder => _encoder.Value;
}
