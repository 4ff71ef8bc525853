using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Products;

/// <summary>A product quantiser of 4 bits a part, scored by look-ups in registers.</summary>
/// <remarks>Source of the idea: André, Kermarrec and Le Scouarnec, Quick ADC, 2017; FAISS calls its form fast scan.</remarks>
internal sealed class NibbleProductCodec(CodecSpec spec, ProductCodebooks codebooks)
    : NibbleCodec(spec, codebooks.Dimension, codebooks.PartCount)
{
    /// <inheritdoc/>
    public override byte[] WriteParameters() => codebooks.Write();

    /// <inheritdoc/>
    protected override void Quantize(ReadOnlySpan<float> rows, Span<byte> codes, Span<double> errors) =>
        codebooks.Quantize(rows, codes, errors);

    /// <inheritdoc/>
    protected override void FillTables(MultiVectorView query, NibbleQuery tables)
    {
        double[] values = new double[codebooks.PartCount * codebooks.CodeCount];
        for (int row = 0; row < query.RowCount; row++)
        {
            codebooks.FillTables(query.Row(row), values);
            tables.Set(row, values);
        }
    }

    /// <inheritdoc/>
    protected override double GetStoredNorm() => codebooks.LargestNorm;
}
