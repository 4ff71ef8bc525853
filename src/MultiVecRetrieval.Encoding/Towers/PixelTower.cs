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
            FloatTensor[] outputs = Run(pixels.AsSpan(start, count), batch);
            int perImage = outputs[0].Values.Length / batch;
            int rowsPerImage = perImage / plan.Dimension;
            for (int i = 0; i < count; i++)
            {
                float[] saliency = outputs.Length == 1 ? [] : outputs[1].Values[(i * rowsPerImage)..((i + 1) * rowsPerImage)];
                vectors[start + i] = ToVectors(outputs[0].Values.AsSpan(i * perImage, perImage), saliency, pixels[start + i]);
            }
        }

        return vectors;
    }

    // The places of a fixed batch that no picture fills stay 0 and what comes out for them is dropped.
    private FloatTensor[] Run(ReadOnlySpan<PreparedPixels> images, int batch)
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
        feeds.AddRange(SideInputs.Create(plan.Graph, plan.Input, batch, plan.Ids, mask, (height, width)));
        FloatTensor[] outputs = sessions.Get(plan.Graph).Run(
            feeds, plan.Saliency is null ? [plan.Output.Name] : [plan.Output.Name, plan.Saliency.Name]);
        FloatTensor output = outputs[0];
        if (output.Shape[^1] != plan.Dimension || output.Shape[0] != batch)
        {
            throw new ModelFormatException(
                plan.Folder,
                $"the image output has the shape [{string.Join(", ", output.Shape)}], expected [{batch}, ..., {plan.Dimension}].");
        }

        if (outputs.Length > 1 && outputs[1].Values.Length != output.Values.Length / plan.Dimension)
        {
            throw new ModelFormatException(
                plan.Folder,
                $"the saliency output has the shape [{string.Join(", ", outputs[1].Shape)}] beside rows of [{string.Join(", ", output.Shape)}].");
        }

        return outputs;
    }

    private MultiVector ToVectors(ReadOnlySpan<float> values, float[] saliency, PreparedPixels image)
    {
        // An output [batch, d] is one row whatever the pooling; First takes it as it is.
        Pooling pooling = plan.Output.Rank == 2 ? Pooling.First : plan.Pooling;
        float[] rows = RowPooling.Pool(values, plan.Dimension, pooling, mask: [], layerNormalize: false);
        int rowCount = rows.Length / plan.Dimension;
        if (pooling != Pooling.Rows)
        {
            return new MultiVector(plan.Dimension, rows, [plan.Preprocessor.VisiblePart(image.ImageWidth, image.ImageHeight)]);
        }

        PatchGrid? grid = PatchGrid.Find(rowCount, plan.Preprocessor.Width, plan.Preprocessor.Height, plan.PatchSize, plan.FirstGridRow);
        Place[] places = new Place[rowCount];
        for (int row = 0; row < rowCount; row++)
        {
            places[row] = plan.Preprocessor.MapToImage(grid?.GetPlace(row) ?? Place.Whole, image.ImageWidth, image.ImageHeight);
        }

        return new MultiVector(plan.Dimension, rows, places) { Saliency = saliency };
    }
}
