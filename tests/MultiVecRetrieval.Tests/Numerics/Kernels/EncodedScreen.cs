using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

/// <summary>An entry's rows as the int8 codec stores them, which is what screens float32 rows.</summary>
internal sealed class EncodedScreen
{
    private readonly EntryCodec _codec;
    private readonly byte[] _chunk;

    public EncodedScreen(MultiVector rows)
    {
        CodecSpec spec = CodecSpec.Parse("int8");
        float[] values = rows.RowCount == 0 ? new float[rows.Dimension] : rows.Values.ToArray();
        TrainingSample sample = new() { Dimension = rows.Dimension, Rows = values };
        _codec = Codecs.FindFamily(spec).Train(spec, sample, CancellationToken.None);
        _chunk = rows.RowCount == 0 ? [] : _codec.Encode(new EntryRows(rows.Dimension, rows.Values, [0, rows.RowCount]));
    }

    public RowScreenView View => _chunk.Length == 0 ? default : _codec.GetScreen(_chunk, entry: 0);
}
