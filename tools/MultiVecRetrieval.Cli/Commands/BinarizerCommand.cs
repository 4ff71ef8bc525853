using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Training;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr binarizer</c>: train a learned head for bit codes, show what a file of one holds, use it in a collection.</summary>
internal static class BinarizerCommand
{
    public static Command Create(GlobalOptions global) =>
        new("binarizer", "Learned binarisation: train a head for bit codes, show one, use one.") { CreateTrain(global), CreateShow(global),
            CreateApply(global) };

    private static Command CreateTrain(GlobalOptions global)
    {
        Option<FileInfo?> pairs = new("--pairs")
        {
            Description =
                "Pairs to learn from, one {\"query\": [..], \"document\": [..]} a line; with --old also \"oldDocument\" and, if you have it, " +
                "\"oldQuery\" (default: the rows of a space of the collection, whose neighbours are to be kept).",
            HelpName = "FILE.jsonl",
        };
        Option<string?> space = new("--space") { Description = "The vector space (default: the first).", HelpName = "NAME" };
        Option<int> bits =
            new("--bits") { Description = "Bits per value, 1 to 4; with --old those of the old codes.", DefaultValueFactory = _ => 2 };
        Option<FileInfo?> old =
            new("--old")
            {
                Description = "A binariser of an old model: train queries of a new model to search its codes.",
                HelpName = "FILE.mvrb"
            };
        Option<string?> oldSpace =
            new("--old-space")
            {
                Description = "With --old and without --pairs: the old model's space of the same collection.",
                HelpName = "NAME"
            };
        Option<FileInfo> output = new("--out") { Description = "Where to write the binariser.", HelpName = "FILE.mvrb", Required = true };
        Option<int> steps =
            new("--steps") { Description = "Most steps of training.", DefaultValueFactory = _ => new BinarizerOptions().Steps };
        Option<int> limit =
            new("--vectors")
            {
                Description = "Vectors trained on at most.",
                DefaultValueFactory = _ => new BinarizerOptions().MaxDocuments
            };
        Option<int> seed = new("--seed") { Description = "Seed of every random choice.", DefaultValueFactory = _ => 1 };
        Command command =
            new("train", "Train a head; it is kept only where recall on held-out queries improves.") { pairs, space, bits, old, oldSpace,
            output, steps, limit, seed };
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            BinarizerOptions options = new()
            {
                Bits = Check("--bits", parsed.GetValue(bits), 1, 4),
                Steps = Check("--steps", parsed.GetValue(steps), 1, 1_000_000),
                MaxDocuments = Check("--vectors", parsed.GetValue(limit), 200, 1_000_000),
                Seed = parsed.GetValue(seed),
            };
            BebrCodec? oldCodec = parsed.GetValue(old) is { } oldFile ? BinarizerFile.Read(oldFile.FullName).Codec : null;
            string path = parsed.GetRequiredValue(output).FullName;
            if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            {
                throw new DirectoryNotFoundException($"The folder {folder} of --out does not exist.");
            }

            (BinarizerSample? sample, CompatibleSample? compatible) = ReadSample(
                parsed, global, parsed.GetValue(pairs), parsed.GetValue(space), oldCodec, parsed.GetValue(oldSpace), options,
                    cancellationToken);
            Progress progress = new();
            long start = Stopwatch.GetTimestamp();
            BinarizerTraining training;
            try
            {
                training = compatible is not null
                    ? BinarizerTrainer.TrainCompatible(oldCodec!, compatible, options, progress, cancellationToken)
                    : BinarizerTrainer.Train(sample!, options, progress, cancellationToken);
            }
            finally
            {
                progress.Complete();
            }

            BinarizerFile.Write(path, training);
            Print(training, path, Stopwatch.GetElapsedTime(start), parsed.GetValue(global.Json));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command CreateShow(GlobalOptions global)
    {
        Argument<FileInfo> file = new("file") { Description = "A binariser.", HelpName = "FILE.mvrb" };
        Command command = new("show", "Show what training of a binariser found.") { file };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file).FullName;
            Print(BinarizerFile.Read(path), path, null, parsed.GetValue(global.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateApply(GlobalOptions global)
    {
        Argument<FileInfo> file = new("file") { Description = "A binariser.", HelpName = "FILE.mvrb" };
        Option<string?> space = new("--space") { Description = "The vector space (default: the first).", HelpName = "NAME" };
        Command command = new("apply", "Use a binariser as a tier of a collection, besides the tiers there are.") { file, space };
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            BebrCodec codec = BinarizerFile.Read(parsed.GetRequiredValue(file).FullName).Codec;
            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            Collection collection = library.GetWritableCollection(name);
            string chosen = TiersCommand.ChooseSpace(collection, name, parsed.GetValue(space));
            collection.Tiers.Add(chosen, codec);
            TiersCommand.Build(collection, cancellationToken);
            TiersCommand.Show(collection, chosen, parsed.GetValue(global.Json));
            return ExitCode.Success;
        }));
        return command;
    }

    private static (BinarizerSample? Sample, CompatibleSample? Compatible) ReadSample(
        ParseResult parsed, GlobalOptions global, FileInfo? pairs, string? space, BebrCodec? old, string? oldSpace,
            BinarizerOptions options,
        CancellationToken cancellationToken)
    {
        if (oldSpace is not null && (old is null || pairs is not null))
        {
            throw new UsageException("--old-space goes with --old, and not with --pairs.");
        }

        if (pairs is not null)
        {
            PairsFile file = PairsFile.Read(pairs.FullName);
            return old is null ? (file.ToSample(), null) : (null, file.ToCompatibleSample());
        }

        using Library library = Settings.OpenLibrary(parsed, global);
        string name = parsed.GetRequiredValue(global.Collection);
        Collection collection = library.GetCollection(name);
        CollectionRows rows = new(collection, options.MaxDocuments, options.Seed);
        space ??= collection.Spaces is [Space first, ..]
            ? first.Name
            : throw new UsageException($"Collection '{name}' has no vector space.");
        return old is null ? (rows.Read(space, cancellationToken), null)
            : oldSpace is null ? throw new UsageException("--old needs --pairs, or --old-space to read the old model's vectors from.")
            : (null, rows.ReadBoth(space, oldSpace, cancellationToken));
    }

    private static void Print(BinarizerTraining training, string path, TimeSpan? elapsed, bool json)
    {
        BinarizerReport report = training.Report;
        if (json)
        {
            Terminal.WriteJson(new
            {
                File = path,
                Codec = training.Codec.Spec.ToString(),
                training.Codec.Dimension,
                Seconds = elapsed?.TotalSeconds,
                Report = report,
            });
            return;
        }

        IAnsiConsole console = Terminal.Out;
        string answers = report.IsLabelled ? "the document of their pair" : "their ten nearest by float";
        console.MarkupLineInterpolated(
            $"{report.DocumentCount} documents, {report.TrainingQueryCount} training queries; recall@10 of {report.TestQueryCount} held-out queries, answers: {answers}");
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumns("search", "recall@10 [[95 %]]");
        bool isCompatible = report.FloatAcross is not null;
        AddRow(table, isCompatible ? "new model, float (a new index)" : "float", report.Float);
        AddRow(table, "old model's queries on old codes", report.OldQueries);
        AddRow(table, "new queries by ridge map, old float rows", report.FloatAcross);
        AddRow(table, isCompatible ? $"new queries by ridge map, old {report.Codec}" : $"{report.Codec}, closed form", report.ClosedForm);
        AddRow(table, isCompatible
            ? $"new queries by learned head, old {report.Codec}"
            : $"{report.Codec} behind the learned head", report.Learned);
        AddRow(table, "learned - closed form", report.Difference);
        AddRow(table, "new queries, new documents in the same index", report.NewDocuments);
        console.Write(table);
        string closed = isCompatible ? "ridge map" : "closed form";
        string reason = report.Kept == BinarizerChoice.Learned ? $"kept: the learned head of step {report.BestStep} of {report.StepCount}."
            : report.Learned is null ? $"kept: the {closed}; no step of {report.StepCount} was better on the validation queries."
            : $"kept: the {closed}; the learned head (step {report.BestStep} of {report.StepCount}) is {(report.Difference is { High: < 0 } ? "worse" : "not better beyond chance")}.";
        console.MarkupLineInterpolated($"{reason}");
        string time = elapsed is { } value ? string.Create(CultureInfo.InvariantCulture, $" in {value.TotalSeconds:0.0} s") : "";
        console.MarkupLineInterpolated($"{path}: {training.Codec.Spec} for rows of d = {training.Codec.Dimension}{time}");
    }

    private static void AddRow(Table table, string name, ConfidenceInterval? interval)
    {
        if (interval is { } value)
        {
            table.AddRow(Markup.Escape(name), Markup.Escape(value.ToString()));
        }
    }

    private static int Check(string option, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new UsageException($"{option} must be in [{least}, {most}], found {value}.");

    private sealed class Progress : IProgress<BinarizerProgress>
    {
        private bool _lineIsOpen;

        public void Report(BinarizerProgress value)
        {
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"step {value.Step}/{value.Steps}, loss {value.Loss:0.000}, validation recall {value.BestRecall:0.000} (closed form {value.StartRecall:0.000})");
            if (Terminal.CanRedraw)
            {
                Console.Error.Write("\r\u001b[2K" + line);
                _lineIsOpen = true;
            }
            else
            {
                Console.Error.WriteLine(line);
            }
        }

        public void Complete()
        {
            if (_lineIsOpen)
            {
                Console.Error.Write("\r\u001b[2K");
            }
        }
    }
}
