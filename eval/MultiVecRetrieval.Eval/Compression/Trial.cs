namespace MultiVecRetrieval.Eval.Compression;

/// <summary>One way to store entries: which rows stay, and how they are written.</summary>
/// <param name="Reduction">A spec of <see cref="Numerics.Reduction.Reductions"/>; <c>none</c> keeps all rows.</param>
/// <param name="Codec">A spec of <see cref="Numerics.Quantization.Codecs"/>.</param>
/// <param name="IsControl">True for what a method has to beat at the same budget.</param>
/// <param name="LearnsFromQueries">True when training sees the tuning queries, and not the rows alone.</param>
internal sealed record Trial(string Reduction, string Codec, bool IsControl = false, bool LearnsFromQueries = false)
{
    /// <summary>As tables and plots show it.</summary>
    public string Name => (Reduction == "none" ? Codec : Codec == "float32" ? Reduction : $"{Reduction} / {Codec}")
        + (LearnsFromQueries ? " + queries" : "");

    /// <summary>For series of a plot: what kind of method it is.</summary>
    public string Series => IsControl ? "control"
        : Reduction != "none" && Codec != "float32" ? "fewer rows, then a codec"
        : Reduction != "none" ? "fewer rows, float32"
        : LearnsFromQueries ? "codec that saw queries"
        : "codec, all rows";
}
