using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Towers;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>Detects the sides of a model that reads ink and spelled words.</summary>
internal static class PageWordsDetection
{
    /// <summary>The image side described by <paramref name="description"/>.</summary>
    /// <exception cref="ModelFormatException">The graph does not fit the description.</exception>
    public static SidePlan<ImageTower> DetectInk(
        OnnxGraphHeader graph, VisionDescription description, int pageLongSide, Findings findings)
    {
        InkGridDescription grid = description.InkGrid!;
        grid.Validate(findings.Folder);
        OnnxTensor input =
            Choose(graph.Inputs, description.Input, tensor => GraphFiles.IsPixels(tensor) && tensor.Rank == 4, "ink input", findings);
        OnnxTensor output = Choose(graph.Outputs, description.Output, tensor => tensor.Rank == 4, "output of cell vectors", findings);
        Choose(graph.Outputs, grid.SaliencyOutput, tensor => tensor.Rank == 3, "output of saliencies", findings);
        findings.Add("image input", $"{input}, gray ink 1 - pixel/255", EncoderDescription.FileName);
        findings.Add("image output", $"{output}, one row per word", EncoderDescription.FileName);
        findings.Add("cells",
            $"{grid.CellWidth} × {grid.CellHeight} px, kept above saliency {Text(grid.KeepSaliency)}, merged above cosine {Text(grid.MergeCosine)}", EncoderDescription.FileName);
        findings.Add("picture scales",
            string.Join("; ", grid.PictureLongSides.Select(ladder => string.Join(", ", ladder)).DefaultIfEmpty("its own")),
            EncoderDescription.FileName);
        int? dimension = output.Rank == 4 && output.Shape[3] > 0 ? (int)output.Shape[3] : null;
        // Bands only bound the memory of a run; the vectors are the same without them.
        InkGridDescription whole = grid with { BandHeight = 0, BandOverlap = 0 };
        string identity = $"ink {JsonSerializer.Serialize(whole)} page {pageLongSide} {input.Name} {output.Name}";
        return new SidePlan<ImageTower>(
            graph,
            dimension,
            IsMultiVector: true,
            identity,
            (sessions, d) => new InkGridTower(sessions, new InkGridPlan(graph, input.Name, output.Name, d, pageLongSide, grid)))
        {
            GivesSaliency = true,
        };
    }

    /// <summary>The text side described by <paramref name="description"/>.</summary>
    /// <exception cref="ModelFormatException">The graph does not fit the description.</exception>
    public static SidePlan<TextTower> DetectWords(OnnxGraphHeader graph, TextDescription description, Findings findings)
    {
        string alphabet = description.Alphabet ?? throw findings.Refuse($"{EncoderDescription.FileName}: text.alphabet is missing.");
        if (alphabet.Distinct().Count() != alphabet.Length)
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: text.alphabet names a letter twice.");
        }

        OnnxTensor input = Choose(graph.Inputs, description.Input, GraphFiles.IsTokens, "word input", findings);
        OnnxTensor output = Choose(graph.Outputs, description.Output, tensor => tensor.Rank == 2, "output of word vectors", findings);
        int wordLength = description.WordLength ?? (int)input.Shape[^1];
        if (wordLength is < 1 or > 1024 || (input.Shape[^1] > 0 && input.Shape[^1] != wordLength))
        {
            throw findings.Refuse($"{EncoderDescription.FileName}: text.wordLength is {wordLength}, the graph takes {input}.");
        }

        findings.Add("text input", $"{input}, words over {alphabet.Length} letters, one row per word", EncoderDescription.FileName);
        findings.Add("text output", output.ToString(), EncoderDescription.FileName);
        LetterWords words = new(alphabet, wordLength);
        return new SidePlan<TextTower>(
            graph,
            output.Shape[1] > 0 ? (int)output.Shape[1] : null,
            IsMultiVector: true,
            $"letters {alphabet} {wordLength}",
            (sessions, d) => new LetterWordsTower(sessions, new LetterWordsPlan(graph, input.Name, output.Name, d, words)));
    }

    private static OnnxTensor Choose(
        IReadOnlyList<OnnxTensor> tensors, string? name, Func<OnnxTensor, bool> fits, string role, Findings findings)
    {
        OnnxTensor? chosen = name is null ? tensors.FirstOrDefault(fits) : tensors.FirstOrDefault(tensor => tensor.Name == name);
        return chosen is not null && fits(chosen)
            ? chosen
            : throw findings.Refuse($"there is no {role}{(name is null ? "" : $" named {name}")} among {string.Join("; ", tensors)}.");
    }

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
