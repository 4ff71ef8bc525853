namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Rows with a scale and a centroid each.</summary>
internal readonly struct ScaledTail : INibbleTail
{
    public static bool IsScaled => true;
}
