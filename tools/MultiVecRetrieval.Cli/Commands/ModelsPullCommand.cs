using System.CommandLine;
using System.Globalization;
using MultiVecRetrieval.Encoding.Hub;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr models pull</c>: fetches a model folder.</summary>
internal static class ModelsPullCommand
{
    public static Command Create(GlobalOptions global)
    {
        Argument<string> model = new("MODEL")
        {
            Description = "A name that mvr models lists, or OWNER/REPO, either with @REVISION (a branch, a tag, a commit).",
        };
        Option<string?> graph = new("--graph")
        {
            Description = "Variant of the graphs: fp32, fp16, int8, q4, ... (default: the one of most precision).",
            HelpName = "VARIANT",
        };
        Option<string?> name = new("--name") { Description = "Name of the model's folder (default: that of the model).", HelpName = "NAME" };
        Option<DirectoryInfo?> into = new("--into")
        {
            Description = "Folder in which it is made (default: the first of the setting modelFolders, else models beside the data folder).",
            HelpName = "DIR",
        };
        Command command = new(
            "pull",
            "Fetch a model, checked against the hub's checksums; what ended early goes on. Reads HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and the cache of HF_HOME; the proxy is that of HTTPS_PROXY.")
        {
            model, graph, name, into,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ModelPullRequest request = new()
            {
                Model = parsed.GetRequiredValue(model),
                Graph = parsed.GetValue(graph),
                Name = parsed.GetValue(name),
                Into = parsed.GetValue(into)?.FullName ?? Settings.Load(parsed, global).Options.FetchedModelsFolder,
            };
            LineDisplay<ModelPullProgress> display = new(Describe);
            PulledModel pulled;
            try
            {
                pulled = await new ModelHub().PullAsync(request, display, cancellationToken);
            }
            finally
            {
                display.Complete();
            }

            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(pulled);
            }
            else
            {
                Print(pulled);
            }

            return pulled.Problem is null ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static string Describe(ModelPullProgress value)
    {
        double share = value.BytesTotal > 0 ? Math.Clamp((double)value.BytesDone / value.BytesTotal, 0, 1) : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{share * 100,3:0}% {value.BytesDone / 1e6:0.0}/{value.BytesTotal / 1e6:0.0} MB, {value.FilesDone}/{value.FilesTotal} files  {value.File}");
    }

    private static void Print(PulledModel pulled)
    {
        Terminal.Out.MarkupLineInterpolated(
            $"{(pulled.WasThere ? "is there already" : "fetched")}: [bold]{Path.GetFileName(pulled.Folder)}[/]  [grey]{pulled.Folder}[/]");
        Terminal.Out.MarkupLineInterpolated($"  {pulled.Repository} at {pulled.Commit}, {pulled.Files.Count} files");
        if (pulled.Contract is { } contract)
        {
            Terminal.Out.MarkupLineInterpolated($"  {ModelsCommand.Describe(contract)}");
            Terminal.Out.MarkupLineInterpolated($"  try it: mvr doctor --model {pulled.Folder}");
        }
        else
        {
            Terminal.WriteError($"the files are whole, but they cannot be used as they are: {pulled.Problem} encoder.json can say what they do not (docs/models.md).");
        }
    }
}
