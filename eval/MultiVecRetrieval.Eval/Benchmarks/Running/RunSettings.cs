namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>What a folder of a run was made with, so that runs of other settings are not mixed.</summary>
internal static class RunSettings
{
    /// <summary>Notes the settings of a new run, or compares them.</summary>
    /// <exception cref="ArgumentException">The folder holds a run with other settings.</exception>
    public static void Require(string folder, string settings)
    {
        string path = Path.Combine(folder, "settings.txt");
        if (File.Exists(path) && File.ReadAllText(path) is { } before && before != settings)
        {
            throw new ArgumentException($"{folder} holds a run of other settings ({before}); this one is ({settings}). Give it another --out.");
        }

        File.WriteAllText(path, settings);
    }
}
