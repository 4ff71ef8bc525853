using System.CommandLine;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Hub;
using MultiVecRetrieval.Numerics.Reduction;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr models</c>: the models that were found, and how to add one.</summary>
internal static class ModelsCommand
{
    private const string HowToAdd =
        """
        Fetch one of these by its name, or any repository with ONNX graphs by its own:
          mvr models pull NAME          mvr models pull OWNER/REPO[@REVISION] [--graph fp16]
        or bring a folder as published on a model hub, with
          config.json, preprocessor_config.json (or open_clip_config.json), tokenizer.json,
          onnx/vision_model.onnx and onnx/text_model.onnx (or one onnx/model.onnx)
        and name it when indexing:   mvr index PATHS --model NAME (or /path/to/folder)
        Folders below those of the setting modelFolders (environment MVR_MODEL_FOLDERS=/path/to/models) are found by their names.
        mvr doctor --model NAME   shows what is detected in it, and why, and tries it.
        """;

    public static Command Create(GlobalOptions global)
    {
        Command command = new("models", "List the models that were found and those that can be fetched.")
        {
            ModelsPullCommand.Create(global), ModelsReplaceCommand.Create(global), ModelsReplaceCommand.CreateRestore(global),
            ModelsReplaceCommand.CreateRemove(global),
        };
        command.SetAction(parsed =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            IReadOnlyList<FoundModel> models = library.ListModels();
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(new
                {
                    models = models.Select(model => new
                    {
                        model.Folder,
                        model.Problem,
                        model.Name,
                        family = model.Contract?.Family ?? model.Reranker?.Family,
                        isReranker = model.Reranker is not null,
                        spaceId = model.Contract?.SpaceId.Value,
                        model.Contract?.Dimension,
                        model.Contract?.IsMultiVector,
                        model.Contract?.EncodesImages,
                        model.Contract?.VideoFrameCount,
                        model.Contract?.EncodesText,
                        tasks = model.Contract?.Tasks,
                        model.Contract?.IsSemantic,
                        model.Contract?.GivesSaliency,
                    }),
                    catalog = ModelCatalog.Models,
                    reductions = Reductions.Families.Select(family => new { family.Name, family.Usage, family.Summary }),
                });
                return ExitCode.Success;
            }

            foreach (FoundModel model in models)
            {
                Terminal.Out.MarkupLineInterpolated(
                    $"[bold]{model.Name}[/]  {(model.Contract is { } contract ? Describe(contract) : Describe(model))}");
                Terminal.Out.MarkupLineInterpolated($"  [grey]{model.Folder}[/]");
            }

            Terminal.Out.WriteLine();
            Terminal.Out.WriteLine("Can be fetched:");
            foreach (CatalogModel model in ModelCatalog.Models)
            {
                bool isHere = models.Any(found => Path.GetFileName(found.Folder).Equals(model.Name, StringComparison.OrdinalIgnoreCase));
                Terminal.Out.MarkupLineInterpolated(
                    $"[bold]{model.Name}[/]  for {model.GoodFor}; {model.Size}; {model.Languages}; licence {model.Licence}{(isHere ? "; is here" : "")}");
                Terminal.Out.MarkupLineInterpolated($"  [grey]{string.Join("; ", Remarks(model))}[/]");
            }

            Terminal.Out.WriteLine();
            Terminal.Out.WriteLine(HowToAdd);
            Terminal.Out.WriteLine();
            Terminal.Out.WriteLine("To store fewer vectors per page (mvr index --reduce SPEC, or the setting reduction), joined by '+':");
            foreach (ReductionFamily family in Reductions.Families)
            {
                Terminal.Out.WriteLine($"  {family.Usage}");
                Terminal.Out.WriteLine($"      {family.Summary}");
            }

            Terminal.Out.WriteLine(TierList.Arguments);
            return ExitCode.Success;
        });
        return command;
    }

    private static IEnumerable<string> Remarks(CatalogModel model) =>
        new[] { model.Repository, model.Score, model.Remark }.OfType<string>();

    // A folder that is no encoder.
    private static string? Describe(FoundModel model) =>
        model.Reranker is { } reranker ? $"{reranker.Family}, a reranker: mvr search --rerank {reranker.Name}" : model.Problem;

    internal static string Describe(ModelContract contract)
    {
        string sides = (contract.EncodesImages, contract.EncodesText) switch
        {
            (true, true) when contract.VideoFrameCount > 0 => "images, videos and text",
            (true, true) => "images and text",
            (true, false) => "images only",
            _ => "text only",
        };
        string asks = contract.QuerySpace is null ? "" : ", encodes queries only";
        string kind = contract.EncodesPassages ? "one vector per section of a text"
            : contract.IsMultiVector ? "one vector per patch"
            : "one vector per image";
        string finds = contract.IsSemantic ? "finds by meaning" : "finds by visible words";
        return $"{contract.Family}, {contract.Dimension}-d, {kind}{(contract.GivesSaliency ? " with its saliency" : "")}, {sides}, {finds}{asks}";
    }
}
