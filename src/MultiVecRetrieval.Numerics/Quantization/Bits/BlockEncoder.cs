using System.Buffers.Binary;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Writes the blocks of a chunk.</summary>
internal sealed class BlockEncoder(BitsModel model)
{
    private const int BlockRowCount = BitsChunk.BlockRowCount;

    private readonly BitsEncoder _encoder = new(model);
    private readonly EncodedRow[] _rows = new EncodedRow[BlockRowCount];
    private readonly double[] _biases = new double[BlockRowCount];
    private readonly byte[] _codes = new byte[model.Dimension];

    /// <summary>Encodes all rows into <paramref name="bytes"/>, whose header is written; <paramref name="chunk"/> is a view of
    /// them.</summary>
    public void Encode(ReadOnlySpan<float> values, Span<byte> bytes, BitsChunk chunk)
    {
        int d = model.Dimension;
        int sidesOffset =
            (int)BitsChunk.GetSidesOffset(chunk.RowOffsets.IsEmpty ? chunk.RowCount : chunk.RowOffsets.Length - 1, chunk.RowCount);
        Span<int> planeOffsets = stackalloc int[model.PlaneCount];
        for (int plane = 0; plane < model.PlaneCount; plane++)
        {
            planeOffsets[plane] = chunk.GetPlaneOffset(model, plane);
        }

        for (int block = 0; block < chunk.BlockCount; block++)
        {
            int count = Math.Min(BlockRowCount, chunk.RowCount - (block * BlockRowCount));
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> source = values.Slice(((block * BlockRowCount) + row) * d, d);
                _rows[row] = _encoder.Encode(source, model.Mean);
                _biases[row] = model.HasBias ? GetBias(source) : 0;
                WriteBits(bytes, planeOffsets, block, row);
            }

            WriteSide(bytes.Slice(sidesOffset + (block * chunk.SideSize), chunk.SideSize), count);
        }
    }

    private double GetBias(ReadOnlySpan<float> row)
    {
        double sum = 0;
        for (int k = 0; k < row.Length; k++)
        {
            double product = (double)model.QueryMean[k] * ((double)row[k] - model.Mean[k]);
            sum += product;
        }

        return sum;
    }

    private void WriteBits(Span<byte> bytes, ReadOnlySpan<int> planeOffsets, int block, int row)
    {
        // c = 2u - (2^b - 1), and the bits of u from the top are the signs of c's parts.
        for (int k = 0; k < _codes.Length; k++)
        {
            _codes[k] = (byte)(((int)_encoder.Levels[k] + (1 << model.BitCounts[k]) - 1) >> 1);
        }

        int place = BitsChunk.GetPlace(row);
        for (int plane = 0; plane < planeOffsets.Length; plane++)
        {
            int[] coordinates = model.Planes[plane];
            int size = model.GetPlaneSize(plane);
            Span<byte> target = bytes[(planeOffsets[plane] + (block * size * BlockRowCount) + place)..];
            for (int i = 0; i < size; i++)
            {
                int octet = 0;
                int end = Math.Min(8, coordinates.Length - (8 * i));
                for (int bit = 0; bit < end; bit++)
                {
                    int k = coordinates[(8 * i) + bit];
                    octet |= ((_codes[k] >> (model.BitCounts[k] - 1 - plane)) & 1) << bit;
                }

                target[i * BlockRowCount] = (byte)octet;
            }
        }
    }

    // Each row by itself, so that a row's score does not depend on those it shares a block with.
    private void WriteSide(Span<byte> side, int count)
    {
        Span<byte> factors = side[..(BlockRowCount * sizeof(ushort))];
        Span<byte> biases = side[factors.Length..^BlockRowCount];
        Span<byte> errors = side[^BlockRowCount..];
        for (int row = 0; row < count; row++)
        {
            Half factor = (Half)Math.Min(_rows[row].Factor, (double)Half.MaxValue);
            BinaryPrimitives.WriteHalfLittleEndian(factors[(row * sizeof(ushort))..], factor);
            if (!biases.IsEmpty)
            {
                double bias = Math.Clamp(_biases[row] / model.BiasUnit, (double)Half.MinValue, (double)Half.MaxValue);
                BinaryPrimitives.WriteHalfLittleEndian(biases[(row * sizeof(ushort))..], (Half)bias);
            }

            double bound = _rows[row].GetErrorBound((double)factor, model.Dimension, model.OrthogonalityError);
            errors[row] = ErrorSteps.GetCode(bound / model.NormUnit);
        }
    }
}
