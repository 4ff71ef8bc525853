using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Values for the inputs of a graph besides the main one: masks, positions, and the dummy other side of a combined
/// graph.</summary>
internal static class SideInputs
{
    private static readonly string[] Masks = ["attention_mask", "text_attention_mask"];

    /// <summary>Refuses a graph that wants something that cannot be made.</summary>
    /// <exception cref="ModelFormatException">An input is unknown; it is named.</exception>
    /// <param name="graph">The graph.</param>
    /// <param name="main">The input that the caller feeds.</param>
    /// <param name="findings">Names the folder.</param>
    /// <param name="ofPicture">Inputs that come with a picture of any size.</param>
    public static void Check(OnnxGraphHeader graph, OnnxTensor main, Findings findings, IReadOnlyList<string> ofPicture)
    {
        foreach (OnnxTensor input in graph.Inputs.Where(input => input.Name != main.Name))
        {
            bool isKnown = ofPicture.Contains(input.Name) || IsMask(input)
                || input.Name is "position_ids" or "token_type_ids" or "pixel_attention_mask"
                || GraphFiles.IsTokens(input) || (GraphFiles.IsPixels(input) && input.Rank == 4);
            if (!isKnown)
            {
                throw findings.Refuse($"{Path.GetFileName(graph.Path)} wants the input {input}, which is not supported.");
            }
        }
    }

    /// <summary>Feeds for all inputs but <paramref name="main"/>.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="main">The input that the caller feeds.</param>
    /// <param name="batch">Entries of the batch.</param>
    /// <param name="ids">Token ids of one entry; for an image, those that the model wants beside it.</param>
    /// <param name="mask">1 for each id that counts.</param>
    /// <param name="imageSide">Height and width of a dummy image.</param>
    /// <param name="picture">Feeds of a picture of any size, which come before all others of their name.</param>
    public static IEnumerable<TensorFeed> Create(
        OnnxGraphHeader graph, OnnxTensor main, int batch, long[] ids, long[] mask, (int Height, int Width) imageSide,
        IReadOnlyList<TensorFeed> picture)
    {
        foreach (OnnxTensor input in graph.Inputs.Where(input => input.Name != main.Name))
        {
            if (picture.FirstOrDefault(feed => feed.Name == input.Name) is { } ofPicture)
            {
                yield return ofPicture;
            }
            else if (IsMask(input))
            {
                yield return Repeat(input, mask, batch);
            }
            else if (input.Name == "position_ids" && input.Rank == 3)
            {
                yield return RotaryPositions.Create(input, batch, mask, isVisual: [], tokenRows: 0, tokenColumns: 0);
            }
            else if (input.Name == "position_ids")
            {
                yield return Repeat(input, [.. Enumerable.Range(0, ids.Length).Select(position => (long)position)], batch);
            }
            else if (input.Name == "token_type_ids")
            {
                yield return Repeat(input, new long[ids.Length], batch);
            }
            else if (input.Name == "pixel_attention_mask")
            {
                long[] all = new long[batch * imageSide.Height * imageSide.Width];
                Array.Fill(all, 1);
                yield return new TensorFeed(input.Name, all, batch, imageSide.Height, imageSide.Width);
            }
            else if (GraphFiles.IsPixels(input))
            {
                yield return new TensorFeed(input.Name, new float[batch * 3 * imageSide.Height * imageSide.Width], batch, 3,
                    imageSide.Height, imageSide.Width);
            }
            else
            {
                yield return Repeat(input, ids, batch);
            }
        }
    }

    /// <summary>The ids that stand for no text on the image side of a combined graph: as many as the graph wants, one if it does not
    /// say.</summary>
    public static long[] DummyIds(OnnxGraphHeader graph)
    {
        long length = graph.Inputs.Where(input => GraphFiles.IsTokens(input) && input.Rank == 2).Select(input => input.Shape[1])
            .FirstOrDefault(-1);
        long[] ids = new long[length > 0 ? length : 1];
        Array.Fill(ids, 1);
        return ids;
    }

    private static bool IsMask(OnnxTensor input) => Masks.Contains(input.Name);

    private static TensorFeed Repeat(OnnxTensor input, long[] values, int batch)
    {
        long[] repeated = new long[values.Length * batch];
        for (int i = 0; i < batch; i++)
        {
            values.CopyTo(repeated, i * values.Length);
        }

        return new TensorFeed(input.Name, repeated, batch, values.Length);
    }
}
