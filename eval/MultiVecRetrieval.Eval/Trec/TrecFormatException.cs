namespace MultiVecRetrieval.Eval.Trec;

/// <summary>A line of a run, a judgement file or a query file is not in its format.</summary>
public sealed class TrecFormatException(string path, int line, string expected, string actual)
    : Exception($"{path}, line {line}: expected {expected}, found '{actual}'.")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
