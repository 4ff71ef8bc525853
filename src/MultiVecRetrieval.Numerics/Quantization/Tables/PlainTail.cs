namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Rows of codes alone.</summary>
internal readonly struct PlainTail : INibbleTail
{
    public static bool IsScaled => false;
}
