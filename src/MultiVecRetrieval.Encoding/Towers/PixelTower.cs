using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Encodes pictures of a fixed input size, as one vector or as one per patch.</summary>
/// <remarks>
/// Each picture is a run of its own, also where the graph takes any batch: the last bits of a product of matrices may depend on how many
/// rows it has, so a batch would tie a picture's vector to its company. A graph with a fixed batch always runs on that many.
/// </remarks>
internal sealed class PixelTower(OnnxSessions sessions, PixelPlan plan) : ImageTower
{
    private readonly int _tensorLength = 3 * plan.Preprocessor.Width * plan.Preprocessor.Height;

    // What the vectors need; tags come on top where they are asked for.
    private readonly string[] _rowOutputs =
    [
        plan.Output.Name, .. plan.Saliency is { } saliency ? [saliency.Name] : Array.Empty<string>(), .. plan.Attention?.Outputs ?? [],
    ];

    public override string? SharedRun => plan.FixedBatch is null ? plan.RunIdentity : null;

    public override PreparedImage Prepare(RgbImage image, ImageRole role) =>
        new PreparedPixels(this, plan.Preprocessor.Apply(image), image.Width, image.Height);

    public override IReadOnlyList<MultiVector> Encode(IReadOnlyList<PreparedImage> images, CancellationToken cancellationToken)
    {
        PreparedPixels[] pixels = [.. images.Select(Own<PreparedPixels>)];
        MultiVector[] vectors = new MultiVector[pixels.Length];
        int batch = plan.FixedBatch ?? 1;
        for (int start = 0; start < pixels.Length; start += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batch, pixels.Length - start);
            Dictionary<string, FloatTensor> outputs = Run(pixels.AsSpan(start, count), batch, _rowOutputs);
            for (int i = 0; i < count; i++)
            {
                vectors[start + i] = ReadRows(outputs, batch, i, pixels[start + i]);
            }
        }

        return vectors;
    }

    public override IReadOnlyList<EncodedImage> EncodeTogether(
        IReadOnlyList<ImageTower> towers, RgbImage image, ImageRole role, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        PixelTower[] together = [.. towers.Cast<PixelTower>()];
        PreparedPixels pixels = (PreparedPixels)Prepare(image, role);
        string[] names = [.. together.SelectMany(tower => tower.AllOutputs).Distinct()];
        Dictionary<string, FloatTensor> outputs = Run([pixels], plan.FixedBatch ?? 1, names);
        return [.. together.Select(tower => tower.Read(outputs, pixels))];
    }

    private IEnumerable<string> AllOutputs => Tags is null ? _rowOutputs : _rowOutputs.Append(Tags.Output);

    private TagPlan? Tags => plan.Tags;

    private EncodedImage Read(Dictionary<string, FloatTensor> outputs, PreparedPixels image) =>
        new(ReadRows(outputs, plan.FixedBatch ?? 1, index: 0, image), Tags is null ? [] : Tags.Read(outputs[Tags.Output].Values));

    // The places of a fixed batch that no picture fills stay 0 and what comes out for them is dropped.
    private Dictionary<string, FloatTensor> Run(ReadOnlySpan<PreparedPixels> images, int batch, string[] names)
    {
        float[] tensor = batch == 1 ? images[0].Tensor : new float[batch * _tensorLength];
        if (batch > 1)
        {
            for (int i = 0; i < images.Length; i++)
            {
                images[i].Tensor.CopyTo(tensor, i * _tensorLength);
            }
        }

        (int height, int width) = (plan.Preprocessor.Height, plan.Preprocessor.Width);
        long[] shape = plan.Input.Rank == 5 ? [batch, 1, 3, height, width] : [batch, 3, height, width];
        long[] mask = new long[plan.Ids.Length];
        Array.Fill(mask, 1);
        List<TensorFeed> feeds = [new TensorFeed(plan.Input.Name, tensor, shape)];
        feeds.AddRange(SideInputs.Create(plan.Graph, plan.Input, batch, plan.Ids, mask, (height, width), []));
        FloatTensor[] outputs = sessions.Get(plan.Graph).Run(feeds, names);
        return names.Zip(outputs).ToDictionary(output => output.First, output => output.Second);
    }

    private MultiVector ReadRows(Dictionary<string, FloatTensor> outputs, int batch, int index, PreparedPixels image)
    {
        FloatTensor output = outputs[plan.Output.Name];
        if (output.Shape[^1] != plan.Dimension || output.Shape[0] != batch)
        {
            throw new ModelFormatException(
                plan.Folder,
                $"the image output has the shape [{string.Join(", ", output.Shape)}], expected [{batch}, ..., {plan.Dimension}].");
        }

        int perImage = output.Values.Length / batch;
        int rowsPerImage = perImage / plan.Dimension;
        float[] saliency = [];
        if (plan.Saliency is not null)
        {
            FloatTensor importance = outputs[plan.Saliency.Name];
            if (importance.Values.Length != output.Values.Length / plan.Dimension)
            {
                throw new ModelFormatException(
                    plan.Folder,
                    $"the saliency output has the shape [{string.Join(", ", importance.Shape)}] beside rows of [{string.Join(", ", output.Shape)}].");
            }

            saliency = importance.Values[(index * rowsPerImage)..((index + 1) * rowsPerImage)];
        }

        if (plan.Attention is { } attention)
        {
            try
            {
                saliency = attention.Read(attention.Outputs.Select(name => outputs[name]), index, rowsPerImage);
            }
            catch (InvalidDataException wrong)
            {
                throw new ModelFormatException(plan.Folder, $"{EncoderDescription.FileName} names {wrong.Message}.", wrong);
            }
        }

        return ToVectors(output.Values.AsSpan(index * perImage, perImage), saliency, image);
    }

    private MultiVector ToVectors(ReadOnlySpan<float> values, float[] saliency, PreparedPixels image)
    {
        // An output [batch, d] is one row whatever the pooling; First takes it as it is.
        Pooling pooling = plan.Output.Rank == 2 ? Pooling.First : plan.Pooling;
        float[] rows = RowPooling.Pool(values, plan.Dimension, pooling, mask: [], layerNormalize: false, plan.KeepsLength,
            plan.MatryoshkaDimension);
        int rowCount = rows.Length / plan.KeptDimension;
        if (pooling != Pooling.Rows)
        {
            return new MultiVector(plan.KeptDimension, rows, [plan.Preprocessor.VisiblePart(image.ImageWidth, image.ImageHeight)]);
        }

        Place[] places = GetPlaces(rowCount);
        for (int row = 0; row < rowCount; row++)
        {
            places[row] = plan.Preprocessor.MapToImage(places[row], image.ImageWidth, image.ImageHeight);
        }

        return new MultiVector(plan.KeptDimension, rows, places) { Saliency = saliency };
    }

    // On the input of the graph.
    private Place[] GetPlaces(int rowCount)
    {
        if (plan.Boxes is { } boxes)
        {
            return boxes.Length == rowCount
                ? [.. boxes]
                : throw new ModelFormatException(
                    plan.Folder, $"{EncoderDescription.FileName} gives {boxes.Length} vision.boxes and the graph {rowCount} rows.");
        }

        PatchGrid? grid = PatchGrid.Find(rowCount, plan.Preprocessor.Width, plan.Preprocessor.Height, plan.PatchSize, plan.FirstGridRow);
        return [.. Enumerable.Range(0, rowCount).Select(row => grid?.GetPlace(row) ?? Place.Whole)];
    }
}
