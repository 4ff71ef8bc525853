using System.CommandLine;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Tokenizers;
using MultiVecRetrieval.Ingestion.Media;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr doctor</c>: each native part and each model, what was detected and why, and whether it works.</summary>
internal static class DoctorCommand
{
    public static Command Create(GlobalOptions global)
    {
        Option<string?> model = new("--model", "-m") { Description = "Try this model only: a folder, or a name that mvr models lists.", HelpName = "DIR" };
        Option<FileInfo?> tokens = new("--tokens")
        {
            Description = "With --model: tokenize a file of {\"text\"} lines; prints one JSON array of ids a line.",
            HelpName = "FILE.jsonl",
        };
        Option<string?> against = new("--against")
        {
            Description = "With --model: hold its vectors against those of this one, and refuse it below a mean cosine of 0.98.",
            HelpName = "DIR",
        };
        Option<DirectoryInfo?> inputs = new("--inputs")
        {
            Description = "With --against: compare on the pictures of this folder and the lines of its .txt files (default: built-in ones).",
            HelpName = "DIR",
        };
        Option<FileInfo?> writeParity = new("--write-parity")
        {
            Description = "With --model: write what it gives for the built-in inputs, for a parity.json beside another graph of it.",
            HelpName = "FILE.json",
        };
        Command command = new("doctor", "Check the native parts and the models.") { model, tokens, against, inputs, writeParity };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(tokens) is FileInfo file)
            {
                string folder = parsed.GetValue(model) ?? throw new UsageException("--tokens needs --model DIR.");
                return PrintTokens(folder, file.FullName);
            }

            LibraryOptions options = Settings.Load(parsed, global).Options;
            bool json = parsed.GetValue(global.Json);
            if (parsed.GetValue(model) is not { } one)
            {
                return parsed.GetValue(against) is null && parsed.GetValue(writeParity) is null && parsed.GetValue(inputs) is null
                    ? Examine(options, json)
                    : throw new UsageException("--against, --inputs and --write-parity need --model DIR.");
            }

            ModelDoctor doctor = new(options, json);
            return parsed.GetValue(writeParity) is { } parity ? doctor.WriteParity(one, parity.FullName)
                : parsed.GetValue(against) is { } reference ? doctor.Compare(one, reference, parsed.GetValue(inputs))
                : parsed.GetValue(inputs) is null ? doctor.Try(one)
                : throw new UsageException("--inputs needs --against DIR.");
        });
        return command;
    }

    private static int PrintTokens(string folder, string path)
    {
        Func<string, IReadOnlyList<int>> tokenize = OpenTokenizer(folder);
        int lineNumber = 0;
        foreach (string line in File.ReadLines(path))
        {
            lineNumber++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            Terminal.WriteJsonLine(tokenize(ReadText(path, lineNumber, line)), Console.Out);
        }

        return ExitCode.Success;
    }

    // Token ids need no graph: a folder of tokenizer files alone is enough, unless encoder.json names a tokenizer of its own.
    private static Func<string, IReadOnlyList<int>> OpenTokenizer(string folder) =>
        File.Exists(Path.Combine(folder, "encoder.json")) ? EncoderModel.Load(folder).Tokenize : Tokenizer.Load(folder).Encode;

    private static string ReadText(string path, int lineNumber, string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("text").GetString() ?? throw new FormatException("text is null");
        }
        catch (Exception exception) when (exception
            is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UsageException($"{path} line {lineNumber}: expected an object with \"text\", found: {line}");
        }
    }

    private static int Examine(LibraryOptions options, bool json)
    {
        IReadOnlyList<NativePart> parts = NativeParts.Check();
        using Library library = new(options);
        IReadOnlyList<FoundModel> models = library.ListModels();
        if (json)
        {
            Terminal.WriteJson(new { parts, models = models.Select(found => new { found.Folder, found.Problem, found.Contract }) });
        }
        else
        {
            Print(parts, models);
        }

        bool healthy = parts.All(part => part.Works || !part.IsRequired) && models.All(found => found.Problem is null);
        return healthy ? ExitCode.Success : ExitCode.MissingPart;
    }

    private static void Print(IReadOnlyList<NativePart> parts, IReadOnlyList<FoundModel> models)
    {
        foreach (NativePart part in parts)
        {
            string state = part.Works ? "[green]ok[/]     " : part.IsRequired ? "[red]missing[/]" : "[yellow]absent[/] ";
            Terminal.Out.MarkupLine(
                $"{state} {Markup.Escape(part.Name)} {Markup.Escape(part.Version ?? "")}  [grey]{Markup.Escape(part.Purpose)}[/]");
            Terminal.Out.MarkupLineInterpolated($"        [grey]{part.Location ?? part.Problem ?? ""}[/]");
        }

        foreach (FoundModel model in models)
        {
            Terminal.Out.WriteLine();
            Terminal.Out.MarkupLineInterpolated($"model [bold]{model.Name}[/]  [grey]{model.Folder}[/]");
            if (model.Contract is { } contract)
            {
                PrintContract(contract);
            }
            else if (model.Reranker is { } reranker)
            {
                Terminal.Out.MarkupLineInterpolated($"  {reranker.Family}, a reranker");
                PrintFindings(reranker.Details, reranker.Warnings);
            }
            else
            {
                Terminal.Out.MarkupLineInterpolated($"  [red]{model.Problem}[/]");
            }
        }
    }

    /// <summary>What was detected, and why.</summary>
    internal static void PrintContract(ModelContract contract)
    {
        Terminal.Out.MarkupLineInterpolated($"  {ModelsCommand.Describe(contract)}");
        Terminal.Out.MarkupLineInterpolated($"  space {contract.SpaceId}");
        PrintFindings(contract.Details, contract.Warnings);
    }

    private static void PrintFindings(IReadOnlyList<KeyValuePair<string, string>> details, IReadOnlyList<string> warnings)
    {
        foreach ((string key, string value) in details)
        {
            Terminal.Out.MarkupLineInterpolated($"  {key}: {value}");
        }

        foreach (string warning in warnings)
        {
            Terminal.Out.MarkupLineInterpolated($"  [yellow]{warning}[/]");
        }
    }
}
