using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Binds inputs and outputs: by the name that encoder.json gives, else by the names that exporters use, else by shape and
/// type.</summary>
internal static class TensorChoice
{
    private static readonly string[] PixelNames = ["pixel_values", "pixel_value", "pixels", "image", "images"];
    private static readonly string[] TokenNames = ["input_ids", "input_text", "text", "tokens", "ids"];

    private static readonly string[] SaliencyNames = ["saliency", "attention"];

    // In the order of preference: projected vectors of the shared space first, raw states last.
    private static readonly string[] ImageOutputs =
    [
        "image_embeds", "l2norm_image_embeddings", "image_embeddings", "image_embedding", "image_features",
        "pooler_output", "sentence_embedding", "embeddings", "embedding", "last_hidden_state",
    ];

    private static readonly string[] TextOutputs =
    [
        "text_embeds", "l2norm_text_embeddings", "text_embeddings", "text_embedding", "text_features",
        "pooler_output", "sentence_embedding", "embeddings", "embedding", "last_hidden_state",
    ];

    public static OnnxTensor Pixels(OnnxGraphHeader graph, string? name, Findings findings) =>
        Input(graph, name, PixelNames, GraphFiles.IsPixels, "pixel input (real numbers, [batch, 3, height, width])", findings);

    public static OnnxTensor Tokens(OnnxGraphHeader graph, string? name, Findings findings) =>
        Input(graph, name, TokenNames, GraphFiles.IsTokens, "token input (whole numbers, [batch, tokens])", findings);

    public static OnnxTensor ImageOutput(OnnxGraphHeader graph, string? name, bool wantsRows, Findings findings) =>
        Output(graph, name, ImageOutputs, TextOutputs, wantsRows, "image", findings);

    public static OnnxTensor TextOutput(OnnxGraphHeader graph, string? name, bool wantsRows, Findings findings) =>
        Output(graph, name, TextOutputs, ImageOutputs, wantsRows, "text", findings);

    /// <summary>The output with one saliency per row of <paramref name="rows"/>; null when there is none.</summary>
    public static OnnxTensor? Saliency(OnnxGraphHeader graph, string? name, OnnxTensor rows, Findings findings)
    {
        // A row count that the graph leaves open is written as 0 or less.
        bool Fits(OnnxTensor output) => output.Type is OnnxTensorType.Float or OnnxTensorType.Float16 or OnnxTensorType.Double
            && output.Rank == 2 && rows.Rank == 3 && (output.Shape[1] <= 0 || rows.Shape[1] <= 0 || output.Shape[1] == rows.Shape[1]);
        return name is null
            ? graph.Outputs.FirstOrDefault(output => SaliencyNames.Contains(output.Name) && Fits(output))
            : graph.Outputs.FirstOrDefault(output => output.Name == name && Fits(output))
                ?? throw findings.Refuse(
                    $"{EncoderDescription.FileName} names the saliency output {name}, [batch, rows] beside {rows}; the graph has {string.Join("; ", graph.Outputs)}.");
    }

    private static OnnxTensor Input(
        OnnxGraphHeader graph, string? name, string[] names, Func<OnnxTensor, bool> fits, string role, Findings findings)
    {
        if (name is not null)
        {
            return graph.Inputs.FirstOrDefault(input => input.Name == name && fits(input))
                ?? throw findings.Refuse(
                    $"{EncoderDescription.FileName} names the {role} {name}; the graph has {string.Join("; ", graph.Inputs)}.");
        }

        return names.Select(known => graph.Inputs.FirstOrDefault(input => input.Name == known && fits(input)))
            .FirstOrDefault(input => input is not null)
            ?? graph.Inputs.FirstOrDefault(fits)
            ?? throw findings.Refuse($"{Path.GetFileName(graph.Path)} has no {role} among {string.Join("; ", graph.Inputs)}.");
    }

    private static OnnxTensor Output(
        OnnxGraphHeader graph, string? name, string[] names, string[] otherNames, bool wantsRows, string side, Findings findings)
    {
        if (name is not null)
        {
            return graph.Outputs.FirstOrDefault(output => output.Name == name && IsVectors(output))
                ?? throw findings.Refuse(
                    $"{EncoderDescription.FileName} names the {side} output {name}; the graph has {string.Join("; ", graph.Outputs)}.");
        }

        OnnxTensor[] usable = [.. graph.Outputs.Where(output => IsVectors(output) && (!wantsRows || output.Rank == 3))];
        foreach (string known in names)
        {
            if (usable.FirstOrDefault(output => output.Name == known) is { } found)
            {
                return found;
            }
        }

        OnnxTensor[] unnamed = [.. usable.Where(output => !otherNames.Contains(output.Name))];
        return unnamed.OrderBy(output => output.Rank).ToArray() switch
        {
            [OnnxTensor only] => only,
            [OnnxTensor first, OnnxTensor second, ..] when first.Rank < second.Rank => first,
            _ => throw findings.Refuse(
                $"{Path.GetFileName(graph.Path)} does not show which output holds the {side} vectors: {string.Join("; ", graph.Outputs)}. "
                    + $"Name it in {EncoderDescription.FileName}."),
        };
    }

    private static bool IsVectors(OnnxTensor output) =>
        output.Type is OnnxTensorType.Float or OnnxTensorType.Float16 or OnnxTensorType.Double && output.Rank is 2 or 3;
}
