using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>A space of the collection and the encoder that fills it; the encoder is loaded when the first picture needs it.</summary>
internal sealed class SpaceEncoder(Space space, ModelContract contract, Func<EncoderModel> load)
{
    private readonly Lazy<EncoderModel> _encoder = new(load);

    public Space Space => space;

    public ModelContract Contract => contract;

    public EncoderModel Encoder => _encoder.Value;
}
