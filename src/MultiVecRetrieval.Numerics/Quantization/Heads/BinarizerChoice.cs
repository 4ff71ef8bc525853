namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>Which of two candidates training kept.</summary>
public enum BinarizerChoice
{
    /// <summary>The closed form: no learned blocks (in compatible training the ridge map alone).</summary>
    ClosedForm,

    /// <summary>The learned head.</summary>
    Learned,
}
