using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Runs a graph on pictures or videos whose size decides the input, and makes rows of what comes out.</summary>
/// <remarks>Each is a run of its own, so that its vectors do not depend on its company, and nothing is padded to another.</remarks>
internal sealed class PictureRunner(OnnxSessions sessions, PicturePlan plan)
{
    private readonly string[] _outputs = plan.Saliency is null ? [plan.Output.Name] : [plan.Output.Name, plan.Saliency.Name];

    /// <summary>Puts the input into the prompt.</summary>
    /// <param name="owner">The tower that it is for.</param>
    /// <param name="input">The picture or video.</param>
    public PreparedPicture Prepare(object owner, PictureInput input)
    {
        if (plan.Prompt is null)
        {
            long[] dummy = SideInputs.DummyIds(plan.Graph);
            return new PreparedPicture(owner, input, dummy, [.. dummy.Select(_ => 1L)]);
        }

        long[] ids = plan.Prompt.Encode(input.Tokens, input.Boxes.Length, out long[] mask);
        return new PreparedPicture(owner, input, ids, mask);
    }

    /// <summary>Feeds of a picture without tokens, for the inputs that a graph declares.</summary>
    public static IReadOnlyList<TensorFeed> CreateFeeds(PictureInput picture, OnnxTensor pixels)
    {
        long[] shape = pixels.Rank == picture.Shape.Length ? picture.Shape : [1, .. picture.Shape];
        return [new TensorFeed(pixels.Name, picture.Pixels, shape),
            .. picture.Sides.Select(side => new TensorFeed(side.Name, side.Values, side.Shape))];
    }

    /// <summary>The rows of one picture or video.</summary>
    public MultiVector Encode(PreparedPicture picture)
    {
        List<TensorFeed> ofPicture = [.. CreateFeeds(picture.Input, plan.Input), .. plan.OtherSide];
        if (plan.Prompt is not null && picture.Input.TokenColumns > 0
            && plan.Graph.Inputs.FirstOrDefault(x => x.Name == "position_ids" && x.Rank == 3) is { } positions)
        {
            int columns = picture.Input.TokenColumns;
            ofPicture.Add(RotaryPositions.Create(
                positions, 1, picture.Mask, [.. picture.Ids.Select(id => id == plan.Prompt.ImageTokenId)],
                picture.Input.Boxes.Length / picture.Input.FrameGroups / columns, columns, picture.Input.TimeStep));
        }

        TensorFeed pixels = ofPicture[0];
        FloatTensor[] outputs = sessions.Get(plan.Graph).Run(
            [pixels, .. SideInputs.Create(plan.Graph, plan.Input, 1, picture.Ids, picture.Mask, imageSide: default, ofPicture)], _outputs);
        FloatTensor output = outputs[0];
        if (output.Shape[^1] != plan.Dimension || output.Shape[0] != 1)
        {
            throw Refuse(output, $"[1, ..., {plan.Dimension}]");
        }

        // An output [batch, d] is one row whatever the pooling; First takes it as it is.
        Pooling pooling = plan.Output.Rank == 2 ? Pooling.First : plan.Pooling;
        int rowCount = output.Values.Length / plan.Dimension;
        Place?[] places = plan.Output.Rank == 2 ? [Place.Whole] : FindPlaces(picture, output, rowCount);
        long[] mask = [.. places.Select(place => place is null ? 0L : 1)];
        float[] rows = RowPooling.Pool(
            output.Values, plan.Dimension, pooling, pooling == Pooling.First ? [] : mask, layerNormalize: false, plan.KeepsLength,
            plan.MatryoshkaDimension);
        int kept = plan.MatryoshkaDimension ?? plan.Dimension;
        if (pooling != Pooling.Rows)
        {
            return new MultiVector(kept, rows, [Place.Whole]);
        }

        return new MultiVector(kept, rows, [.. places.OfType<Place>()])
        {
            Saliency = plan.Saliency is null ? [] : ReadSaliency(outputs[1], places),
        };
    }

    // One entry per row of the graph; null for a row that is left out. The prompt and the marks between tiles belong to the whole.
    private Place?[] FindPlaces(PreparedPicture picture, FloatTensor output, int rowCount)
    {
        Place[] boxes = picture.Input.Boxes;
        if (plan.Prompt is null)
        {
            // Rows beyond the picture's patches are padding.
            return rowCount >= boxes.Length
                ? [.. boxes.Cast<Place?>(), .. new Place?[rowCount - boxes.Length]]
                : throw Refuse(output, $"at least {boxes.Length} rows, one per patch");
        }

        if (rowCount != picture.Ids.Length)
        {
            throw Refuse(output, $"{picture.Ids.Length} rows, one per token");
        }

        bool leavesOutPrompt = plan.ImageRowsOnly && plan.Pooling == Pooling.Rows;
        Place?[] places = new Place?[rowCount];
        for (int token = 0, image = 0; token < rowCount; token++)
        {
            places[token] = picture.Ids[token] == plan.Prompt.ImageTokenId ? boxes[image++]
                : picture.Mask[token] == 0 || leavesOutPrompt ? null
                : Place.Whole;
        }

        return places;
    }

    private float[] ReadSaliency(FloatTensor saliency, Place?[] places) => saliency.Values.Length == places.Length
        ? [.. saliency.Values.Where((_, row) => places[row] is not null)]
        : throw new ModelFormatException(
            plan.Folder, $"the saliency output has the shape [{string.Join(", ", saliency.Shape)}] beside {places.Length} rows.");

    private ModelFormatException Refuse(FloatTensor output, string expected) =>
        new(plan.Folder, $"the image output has the shape [{string.Join(", ", output.Shape)}], expected {expected}.");
}
