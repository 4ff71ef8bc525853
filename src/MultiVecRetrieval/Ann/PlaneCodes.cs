namespace MultiVecRetrieval.Ann;

/// <summary>Rounds centred, rotated rows to bit-planes, each with a factor that makes inner products right on average.</summary>
/// <remarks>
/// <para>Plane 0 has the signs. With a second plane t, levels are 2 s + t in {−3, −1, 1, 3}: values beyond .9957 standard deviations of the
/// row, the best step for normal values, are the outer ones. With z the row and l its levels, ⟨q, z⟩ = ⟨m, z⟩ + ⟨q − m, z⟩ for any m; the
/// first is kept for the mean m of each modality of queries, the second is estimated by factor × ⟨q − m, l⟩, factor = ‖z‖² / ⟨z, l⟩.</para>
/// <para>Source: Zhang et al., BEBR, arXiv:2302.08714 (nested planes); Gao and Long, RaBitQ, arXiv:2405.12497 (the factor).</para>
/// </remarks>
internal sealed unsafe class PlaneCodes(HnswNodes form, float[][] queryMeans)
{
    // The step of four equally spaced levels with the least squared error for normal values of deviation 1.
    private const double NormalStep = 0.9957;

    /// <summary>Bytes of the codes of a node: whole words of 64 values, plane after plane.</summary>
    public static int GetLength(HnswNodes form, int paddedDimension) => form switch
    {
        HnswNodes.Int8 => paddedDimension,
        HnswNodes.TwoPlanes => paddedDimension / 4,
        _ => paddedDimension / 8,
    };

    /// <summary>Writes codes and, unless they are signs alone, factor and offsets.</summary>
    public void Encode(ReadOnlySpan<float> rotated, in NodeTable nodes, int node)
    {
        ulong* codes = (ulong*)nodes.GetRecord(node);
        int wordCount = rotated.Length / 64;
        double squares = 0;
        foreach (float value in rotated)
        {
            squares += (double)value * value;
        }

        float step = form == HnswNodes.TwoPlanes ? (float)(NormalStep * Math.Sqrt(squares / rotated.Length)) : float.PositiveInfinity;
        double product = 0;
        for (int i = 0; i < rotated.Length; i++)
        {
            bool isPositive = rotated[i] >= 0;
            bool isOuter = Math.Abs(rotated[i]) >= step;
            ulong bit = 1UL << (i % 64);
            codes[i / 64] |= isPositive ? bit : 0;
            if (form == HnswNodes.TwoPlanes)
            {
                codes[wordCount + (i / 64)] |= isPositive == isOuter ? bit : 0;
                product += (isOuter ? 3 : 1) * (double)Math.Abs(rotated[i]);
            }
            else
            {
                product += Math.Abs(rotated[i]);
            }
        }

        if (form == HnswNodes.Signs)
        {
            return;
        }

        nodes.GetFactor(node) = product > 0 ? (float)(squares / product) : 0;
        for (int modality = 0; modality < queryMeans.Length; modality++)
        {
            double offset = 0;
            for (int i = 0; i < rotated.Length; i++)
            {
                offset += (double)queryMeans[modality][i] * rotated[i];
            }

            nodes.GetOffset(node, modality) = (float)offset;
        }
    }
}
