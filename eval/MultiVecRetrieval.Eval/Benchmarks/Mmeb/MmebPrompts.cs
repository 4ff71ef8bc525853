using MultiVecRetrieval.Encoding.Folders;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>
/// The texts that VLM2Vec gives its model for a row of MMEB, without the mark that stands for a picture or video, which the prompt of a
/// model folder sets. Line breaks at their ends are part of them: they change the vector.
/// </summary>
/// <remarks>Source: TIGER-AI-Lab/VLM2Vec, <c>src/data/eval_dataset</c>.</remarks>
internal static class MmebPrompts
{
    private const string PictureMark = "<|image_1|>";

    /// <summary>The text of a question.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="instruction">Instruction of the row; empty where the data set has its own.</param>
    /// <param name="text">Text of the row.</param>
    public static string Query(MmebDataset dataset, string instruction, string text) => dataset.Rows switch
    {
        MmebRows.TextToPicture => $"{instruction.Replace(PictureMark, "", StringComparison.Ordinal)} {text}\n{(dataset.Name == "VisDial" ? "\n" : "")}",
        MmebRows.PictureToText => Tidy(Join(instruction.Replace(PictureMark, "", StringComparison.Ordinal), text)) + "\n",
        MmebRows.PictureToPicture => Tidy(Join("\n" + instruction.Replace(PictureMark, "", StringComparison.Ordinal).Trim(), text)) + "\n",
        MmebRows.TextToVideo => Join(MmebInstructions.Queries[dataset.Name], text),
        _ => Join(MmebInstructions.Queries[MmebInstructions.Pages], text),
    };

    /// <summary>The text beside a candidate that is a picture.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="instruction">Instruction of the row.</param>
    /// <param name="caption">Caption of the candidate; empty for none.</param>
    public static string Target(MmebDataset dataset, string instruction, string caption)
    {
        string plain = instruction.Replace(PictureMark, "", StringComparison.Ordinal);
        return caption.Trim().Length > 0 ? Tidy($"{plain} {caption}") + "\n"
            : dataset.Rows == MmebRows.TextToPicture ? Tidy(plain) + "\n"
            : Tidy(plain);
    }

    private static string Join(string instruction, string text) => text.Length > 0 ? $"{instruction} {text}" : instruction;

    private static string Tidy(string text) => text.Replace(" \n", "\n", StringComparison.Ordinal);
}
