using MultiVecRetrieval.ModelFolders.Onnx;

namespace MultiVecRetrieval.ModelFolders;

/// <summary>
/// Makes the image graph of the photo models: ResNet-18 of the package Microsoft.ML.DnnImageFeaturizer.ResNet18, and behind it the
/// project's head and the regions that pictures are compared by.
/// </summary>
/// <remarks>
/// One graph, so that the network runs once for all that is asked of a picture. Input pixel_values [1, 3, 224, 224], RGB in 0..255; the
/// graph turns them to BGR and subtracts the mean image, as the network was trained. With g the head's vector of the pooled features and
/// p_i those of the 49 columns of the last map:
/// image_embeds [1, 256] is g; patch_rows [1, 49, 256] are (g + p_i / 2) / 1.5, so that the best row for a query q scores
/// (⟨q, g⟩ + max_i ⟨q, p_i⟩ / 2) / 1.5; tag_probs [1, tags] are the head's classes; features [1, 512] the pooled features;
/// region_rows [1, 15, 512] the R-MAC vector (Tolias, Sicre and Jégou, arXiv:1511.05879) and the 14 unit vectors that it is the sum of.
/// </remarks>
internal static class PhotoFolder
{
    private const int Side = 224;
    private const int Channels = 512;
    private const int MapSide = 7;
    private const int Patches = MapSide * MapSide;
    private const int Embedding = 256;
    private const long OperatorSet = 13;
    private const string LastMap = "ReLU393_Output_0";
    private const string Pooled = "Pooling395_Output_0";

    /// <param name="package">Folder of the package.</param>
    /// <param name="source">Folder with heads/image_head.onnx.</param>
    /// <param name="target">The folder to fill.</param>
    /// <exception cref="InvalidDataException">The package is not the one that is known.</exception>
    public static void Make(string package, string source, string target)
    {
        string models = Path.Combine(package, "tools", "DnnImageModels");
        OnnxModel network = OnnxModel.Read(KnownFile.Check("ResNet18.onnx",
            File.ReadAllBytes(Path.Combine(models, "ResNet18Onnx", "ResNet18.onnx")),
            "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f"));
        OnnxModel preparation = OnnxModel.Read(KnownFile.Check("ResNetPreprocess.onnx",
            File.ReadAllBytes(Path.Combine(models, "ResNetPrepOnnx", "ResNetPreprocess.onnx")),
            "84bf8def78d0befaa3f6e73745d57d7016c6a192ead76f79686bd438c1047004"));
        OnnxModel head = OnnxModel.Read(File.ReadAllBytes(Path.Combine(source, "heads", "image_head.onnx")));
        OnnxModel graph = Join(network, preparation.GetConstant("MeanImage"), head);
        string graphs = Directory.CreateDirectory(Path.Combine(target, "onnx")).FullName;
        File.WriteAllBytes(Path.Combine(graphs, "vision_model.onnx"), graph.Write());
        File.Copy(Path.Combine(source, "heads", "text_head.onnx"), Path.Combine(graphs, "text_head.onnx"), overwrite: true);
    }

    private static OnnxModel Join(OnnxModel network, OnnxConstant meanImage, OnnxModel head)
    {
        OnnxModel graph = new("photos", OperatorSet);
        graph.AddInput("pixel_values", 1, 3, Side, Side);
        graph.Add(OnnxConstant.Of("blue_green_red", 2, 1, 0));
        graph.Add(meanImage);
        graph.Nodes.Add(OnnxNode.Create("Gather", ["pixel_values", "blue_green_red"], "bgr", OnnxNode.Attribute("axis", 1)));
        graph.Nodes.Add(OnnxNode.Create("Sub", ["bgr", meanImage.Name], "centred"));
        graph.Append(Modernize(network), "net/", new Dictionary<string, string>
        {
            ["Input247"] = "centred",
            [LastMap] = "map",
            [Pooled] = "pooled",
        });
        AddHead(graph, head);
        AddRegions(graph);
        return graph;
    }

    // Operator set 9 dropped BatchNormalization's "spatial", whose default is what the network says.
    private static OnnxModel Modernize(OnnxModel network)
    {
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            network.Nodes[i] = network.Nodes[i] with
            {
                Attributes = network.Nodes[i].Attributes.Where(attribute => attribute.Key != "spatial").ToDictionary(),
            };
        }

        return network;
    }

    // The head takes any number of rows: the pooled features first, then every column of the map.
    private static void AddHead(OnnxModel graph, OnnxModel head)
    {
        graph.Add(OnnxConstant.Of("features_shape", 1, Channels));
        graph.Add(OnnxConstant.Of("columns_shape", Channels, Patches));
        graph.Add(OnnxConstant.Of("rows_shape", 1, Patches, Embedding));
        graph.Add(OnnxConstant.Of("zero", 0));
        graph.Add(OnnxConstant.Of("one", 1));
        graph.Add(OnnxConstant.Of("end", 1 + Patches));
        graph.Add(OnnxConstant.Of("half", [1], [0.5f]));
        graph.Add(OnnxConstant.Of("weights", [1], [1.5f]));
        graph.Nodes.Add(OnnxNode.Create("Reshape", ["pooled", "features_shape"], "features"));
        graph.Nodes.Add(OnnxNode.Create("Reshape", ["map", "columns_shape"], "columns_of_map"));
        graph.Nodes.Add(OnnxNode.Create("Transpose", ["columns_of_map"], "columns", OnnxNode.Attribute("perm", [1, 0])));
        graph.Nodes.Add(OnnxNode.Create("Concat", ["features", "columns"], "head_input", OnnxNode.Attribute("axis", 0)));
        graph.Append(head, "head/", new Dictionary<string, string>
        {
            ["features"] = "head_input",
            ["image_embeds"] = "head_vectors",
            ["tag_probs"] = "head_classes",
        });
        graph.Nodes.Add(OnnxNode.Create("Slice", ["head_vectors", "zero", "one", "zero"], "image_embeds"));
        graph.Nodes.Add(OnnxNode.Create("Slice", ["head_classes", "zero", "one", "zero"], "tag_probs"));
        graph.Nodes.Add(OnnxNode.Create("Slice", ["head_vectors", "one", "end", "zero"], "patch_vectors"));
        graph.Nodes.Add(OnnxNode.Create("Mul", ["patch_vectors", "half"], "half_patches"));
        graph.Nodes.Add(OnnxNode.Create("Add", ["half_patches", "image_embeds"], "patch_sums"));
        graph.Nodes.Add(OnnxNode.Create("Div", ["patch_sums", "weights"], "patch_means"));
        graph.Nodes.Add(OnnxNode.Create("Reshape", ["patch_means", "rows_shape"], "patch_rows"));
        graph.AddOutput("image_embeds", 1, Embedding);
        graph.AddOutput("patch_rows", 1, Patches, Embedding);
        graph.AddOutput("tag_probs", 1, head.GetConstant("b").Shape[0]);
        graph.AddOutput("features", 1, Channels);
    }

    // The largest value of each channel over the whole map, over four squares of side 5 and over nine of side 4.
    private static void AddRegions(OnnxModel graph)
    {
        graph.Add(OnnxConstant.Of("starts", 0, 2, 3));
        graph.Add(OnnxConstant.Of("region_columns", Channels, -1));
        graph.Add(OnnxConstant.Of("region_shape", 1, 15, Channels));
        graph.Add(OnnxConstant.Of("tiny", [1], [1e-12f]));
        graph.Nodes.Add(Largest("regions7", side: 7, stride: 1));
        graph.Nodes.Add(Largest("regions5", side: 5, stride: 2));
        graph.Nodes.Add(Largest("all_regions4", side: 4, stride: 1));
        graph.Nodes.Add(OnnxNode.Create("Gather", ["all_regions4", "starts"], "rows_regions4", OnnxNode.Attribute("axis", 2)));
        graph.Nodes.Add(OnnxNode.Create("Gather", ["rows_regions4", "starts"], "regions4", OnnxNode.Attribute("axis", 3)));
        foreach (string name in (string[])["regions7", "regions5", "regions4"])
        {
            graph.Nodes.Add(OnnxNode.Create("Reshape", [name, "region_columns"], name + "_columns"));
        }

        graph.Nodes.Add(OnnxNode.Create("Concat", ["regions7_columns", "regions5_columns", "regions4_columns"], "regions_by_channel",
            OnnxNode.Attribute("axis", 1)));
        graph.Nodes.Add(OnnxNode.Create("Transpose", ["regions_by_channel"], "regions", OnnxNode.Attribute("perm", [1, 0])));
        AddUnitLength(graph, "regions", "unit_regions");
        graph.Nodes.Add(OnnxNode.Create("ReduceSum", ["unit_regions", "zero"], "sum_of_regions"));
        AddUnitLength(graph, "sum_of_regions", "rmac");
        graph.Nodes.Add(OnnxNode.Create("Concat", ["rmac", "unit_regions"], "region_vectors", OnnxNode.Attribute("axis", 0)));
        graph.Nodes.Add(OnnxNode.Create("Reshape", ["region_vectors", "region_shape"], "region_rows"));
        graph.AddOutput("region_rows", 1, 15, Channels);
    }

    private static OnnxNode Largest(string output, int side, int stride) => OnnxNode.Create("MaxPool", ["map"], output,
        OnnxNode.Attribute("kernel_shape", [side, side]), OnnxNode.Attribute("strides", [stride, stride]));

    private static void AddUnitLength(OnnxModel graph, string input, string output)
    {
        graph.Nodes.Add(OnnxNode.Create("ReduceL2", [input], output + "_length", OnnxNode.Attribute("axes", [1])));
        graph.Nodes.Add(OnnxNode.Create("Max", [output + "_length", "tiny"], output + "_divisor"));
        graph.Nodes.Add(OnnxNode.Create("Div", [input, output + "_divisor"], output));
    }
}
