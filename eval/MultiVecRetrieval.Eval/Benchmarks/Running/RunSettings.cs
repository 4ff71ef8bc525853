using System.Security.Cryptography;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>What a folder of a run was made with, so that runs of other settings or other questions are not mixed.</summary>
internal static class RunSettings
{
    /// <summary>Notes the settings of a new run, or compares them.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="settings">How it is run, for people.</param>
    /// <param name="questions">What is asked; null where a question has no such part.</param>
    /// <exception cref="ArgumentException">The folder holds a run with other settings.</exception>
    public static void Require(string folder, string settings, IEnumerable<string?> questions)
    {
        byte[] asked = System.Text.Encoding.UTF8.GetBytes(string.Join('\0', questions));
        string all = $"{settings}; questions {Convert.ToHexStringLower(SHA256.HashData(asked))[..12]}";
        string path = Path.Combine(folder, "settings.txt");
        if (File.Exists(path) && File.ReadAllText(path) is { } before && before != all)
        {
            throw new ArgumentException($"{folder} holds another run ({before}); this one is ({all}). Give it another --out.");
        }

        File.WriteAllText(path, all);
    }
}
