namespace MultiVecRetrieval.Eval.Benchmarks;

/// <summary>Which data of a benchmark is read.</summary>
/// <param name="Folder">Its files, as they are published.</param>
internal sealed record SuiteRequest(string Folder)
{
    /// <summary>The split; null for the one that the benchmark scores.</summary>
    public string? Split { get; init; }

    /// <summary>PYTHONHASHSEED of a run of MMEB's scorer, whose mistake is reproduced beside the correct values; null for these
    /// alone.</summary>
    public int? HashSeed { get; init; }

    /// <summary>Give texts the instructions with which the benchmark's authors ask their models.</summary>
    public bool HasInstructions { get; init; }

    /// <summary>Its folder without a separator at the end.</summary>
    public string Root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder));

    /// <summary>The path of a file of the benchmark.</summary>
    /// <exception cref="BenchmarkFormatException">There is no such file.</exception>
    public string Require(string file) => File.Exists(Path.Combine(Root, file))
        ? Path.Combine(Root, file)
        : throw new BenchmarkFormatException(Root, file, "no such file");

    /// <summary>The first of several files that is there.</summary>
    /// <exception cref="BenchmarkFormatException">None is there.</exception>
    public string RequireAny(params IReadOnlyList<string> files) =>
        files.FirstOrDefault(file => File.Exists(Path.Combine(Root, file))) is { } found
        ? Path.Combine(Root, found)
        : throw new BenchmarkFormatException(Root, string.Join(" or ", files), "none of these files");
}
