using System.Numerics.Tensors;
using MultiVecRetrieval.ModelFolders.Onnx;

namespace MultiVecRetrieval.ModelFolders;

/// <summary>
/// Stores the weights of a BERT graph as int8: those of its matrix products with a scale per column, the word vectors with a scale per row.
/// </summary>
/// <remarks>
/// A value x becomes round(x / s) with s = max |x| / 127 over its column or row. Products run in int8 (activations are quantised as they
/// come, by DynamicQuantizeMatMul of ONNX Runtime); word vectors are multiplied out where they are looked up. Biases, normalisation and
/// position vectors stay float32.
/// </remarks>
internal static class Int8Weights
{
    private const string RuntimeDomain = "com.microsoft";

    /// <summary>Changes <paramref name="model"/>.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="wordVectors">Name of the constant [words × d] that a Gather looks words up in.</param>
    /// <returns>How many matrix products were changed.</returns>
    public static int Apply(OnnxModel model, string wordVectors)
    {
        int changed = 0;
        List<OnnxNode> nodes = [];
        foreach (OnnxNode node in model.Nodes)
        {
            if (node.Operator == "MatMul" && model.HasConstant(node.Inputs[1]))
            {
                nodes.Add(MultiplyInInt8(model, node));
                changed++;
            }
            else if (node.Operator == "Gather" && node.Inputs[0] == wordVectors)
            {
                nodes.AddRange(LookUpInInt8(model, node, wordVectors));
            }
            else
            {
                nodes.Add(node);
            }
        }

        model.Nodes.Clear();
        model.Nodes.AddRange(nodes);
        return changed;
    }

    private static OnnxNode MultiplyInInt8(OnnxModel model, OnnxNode node)
    {
        OnnxConstant weights = model.GetConstant(node.Inputs[1]);
        (int rows, int columns) = ((int)weights.Shape[0], (int)weights.Shape[1]);
        ReadOnlySpan<float> values = weights.Floats;
        float[] scales = new float[columns];
        for (int row = 0; row < rows; row++)
        {
            TensorPrimitives.MaxMagnitude(scales, values.Slice(row * columns, columns), scales);
        }

        for (int column = 0; column < columns; column++)
        {
            scales[column] = Scale(scales[column]);
        }

        sbyte[] codes = new sbyte[values.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (sbyte)MathF.Round(values[i] / scales[i % columns]);
        }

        string quantized = weights.Name + "_int8";
        string scale = weights.Name + "_scale";
        model.RemoveConstant(weights.Name);
        model.Add(OnnxConstant.Of(quantized, [rows, columns], codes));
        model.Add(OnnxConstant.Of(scale, [columns], scales));
        return new OnnxNode
        {
            Operator = "DynamicQuantizeMatMul",
            Domain = RuntimeDomain,
            Name = node.Outputs[0] + "_int8",
            Inputs = [node.Inputs[0], quantized, scale],
            Outputs = node.Outputs,
        };
    }

    private static OnnxNode[] LookUpInInt8(OnnxModel model, OnnxNode node, string name)
    {
        OnnxConstant vectors = model.GetConstant(name);
        (int rows, int columns) = ((int)vectors.Shape[0], (int)vectors.Shape[1]);
        ReadOnlySpan<float> values = vectors.Floats;
        float[] scales = new float[rows];
        sbyte[] codes = new sbyte[values.Length];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> vector = values.Slice(row * columns, columns);
            scales[row] = Scale(MathF.Abs(TensorPrimitives.MaxMagnitude(vector)));
            for (int i = 0; i < columns; i++)
            {
                codes[(row * columns) + i] = (sbyte)MathF.Round(vector[i] / scales[row]);
            }
        }

        string word = node.Outputs[0];
        model.RemoveConstant(name);
        model.Add(OnnxConstant.Of(name + "_int8", [rows, columns], codes));
        model.Add(OnnxConstant.Of(name + "_scale", [rows, 1], scales));
        return
        [
            OnnxNode.Create("Gather", [name + "_int8", node.Inputs[1]], word + "_codes"),
            OnnxNode.Create("Gather", [name + "_scale", node.Inputs[1]], word + "_scales"),
            OnnxNode.Create("Cast", [word + "_codes"], word + "_values", OnnxNode.Attribute("to", OnnxConstant.Float)),
            OnnxNode.Create("Mul", [word + "_values", word + "_scales"], word),
        ];
    }

    // A row of zeros has codes of zero whatever the scale; it only must not be 0.
    private static float Scale(float largest)
    {
        float magnitude = MathF.Abs(largest);
        return magnitude > 0 ? magnitude / sbyte.MaxValue : 1;
    }
}
