namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>What follows the codes of a block, known to a kernel when it is compiled.</summary>
internal interface INibbleTail
{
    /// <summary>True when each row has a scale, which its sum of table values is multiplied with.</summary>
    static abstract bool IsScaled { get; }
}
