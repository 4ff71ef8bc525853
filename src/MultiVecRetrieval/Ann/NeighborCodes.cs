using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>
/// Writes, beside each node's links, the signs of the differences to its neighbours: a walk then scores all neighbours of a node from one
/// piece of memory and fetches only the nodes that it follows.
/// </summary>
/// <remarks>
/// <para>With r = neighbour − node, ⟨q, neighbour⟩ = ⟨q, node⟩ + ⟨m, r⟩ + ⟨q − m, r⟩ for any m; the last term is estimated by
/// factor × Σ ±(q − m)_i with the signs of r and factor = ‖r‖² / Σ|r_i|, and the one before it is stored. m is the mean of the
/// modality of the query, so that what all its queries have in common is not estimated.</para>
/// <para>Source: Gou, Gao, Xu, Long, SymphonyQG, arXiv:2411.12229; Gao and Long, RaBitQ, arXiv:2405.12497.</para>
/// </remarks>
internal sealed unsafe class NeighborCodes(GraphNodes nodes, float[][] queryMeans)
{
    private readonly NodeTable _nodes = nodes.Table;

    /// <summary>Writes the record of <paramref name="node"/>, links included.</summary>
    /// <param name="values">Room for the decoded node and the difference to a neighbour.</param>
    public void Write(int node, Span<byte> record, Span<float> values)
    {
        int length = _nodes.CodeLength;
        int maxDegree = _nodes.MaxDegree;
        int stride = NodeTable.GetStride(nodes.StoredCodeLength, maxDegree);
        nodes.Write(node, record[..stride]);
        record[stride..].Clear();
        Span<float> own = values[..length];
        Span<float> difference = values.Slice(length, length);
        Decode(node, own);
        fixed (byte* start = record)
        {
            NodeTable target = new(start, record.Length, nodes.StoredCodeLength, maxDegree);
            for (int i = 0; i < _nodes.GetDegree(node); i++)
            {
                Decode(_nodes.GetLinks(node)[i], difference);
                float squares = 0, magnitudes = 0;
                for (int j = 0; j < length; j++)
                {
                    difference[j] -= own[j];
                    squares += difference[j] * difference[j];
                    magnitudes += Math.Abs(difference[j]);
                }

                target.GetFactors(0)[i] = magnitudes > 0 ? squares / magnitudes : 0;
                for (int modality = 0; modality < 2; modality++)
                {
                    float offset = 0;
                    for (int j = 0; j < length; j++)
                    {
                        offset += queryMeans[modality][j] * difference[j];
                    }

                    target.GetOffsets(0, modality)[i] = offset;
                }

                int blockLength = SignTables.GetBlockLength(length);
                Span<byte> block = new(target.GetSigns(0) + (i / SignTables.BlockCodeCount * blockLength), blockLength);
                SignTables.Pack(difference, i % SignTables.BlockCodeCount, block);
            }
        }
    }

    private void Decode(int node, Span<float> values)
    {
        sbyte* codes = _nodes.GetCodes(node);
        float scale = _nodes.GetScale(node);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = scale * codes[i];
        }
    }
}
