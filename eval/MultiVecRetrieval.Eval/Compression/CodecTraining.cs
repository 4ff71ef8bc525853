using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>Codecs from a sample, learned heads among them: those a collection takes from a file.</summary>
internal static class CodecTraining
{
    private const string Learned = "bebr";

    /// <exception cref="ArgumentException">The spec is not known, or the sample is too small for it.</exception>
    public static EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken)
    {
        if (spec.Family != Learned)
        {
            return Codecs.FindFamily(spec).Train(spec, sample, cancellationToken);
        }

        BinarizerSample rows = new()
        {
            Dimension = sample.Dimension,
            Documents = sample.Rows,
            Queries = sample.Queries,
        };
        BinarizerOptions options = new()
        {
            Bits = int.Parse(spec.Argument, System.Globalization.CultureInfo.InvariantCulture),
            Seed = sample.Seed,
            Threads = sample.Threads,
        };
        return BinarizerTrainer.Train(rows, options, null, cancellationToken).Codec;
    }
}
