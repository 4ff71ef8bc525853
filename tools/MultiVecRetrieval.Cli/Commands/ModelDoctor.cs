using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.SelfTests;
using MultiVecRetrieval.Ingestion.Media;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr doctor --model</c>: tries one model, or holds it against another.</summary>
internal sealed class ModelDoctor(LibraryOptions options, bool json)
{
    /// <summary>Runs the self-test.</summary>
    public int Try(string model)
    {
        string folder = Find(model);
        IReadOnlyList<ModelCheck> checks = ModelSelfTest.Run(folder, options.Encoder);
        bool works = checks.All(check => check.State != ModelCheckState.Failed);
        ModelContract? contract = checks[0].State == ModelCheckState.Failed ? null : EncoderModel.Inspect(folder);
        if (json)
        {
            Terminal.WriteJson(new { folder, works, checks, contract });
            return works ? ExitCode.Success : ExitCode.Failure;
        }

        Terminal.Out.MarkupLineInterpolated($"model [bold]{contract?.Name ?? Path.GetFileName(folder)}[/]  [grey]{folder}[/]");
        if (contract is not null)
        {
            DoctorCommand.PrintContract(contract);
        }

        foreach (ModelCheck check in checks)
        {
            string state = check.State switch
            {
                ModelCheckState.Passed => "[green]ok[/]    ",
                ModelCheckState.Noted => "[yellow]note[/]  ",
                _ => "[red]failed[/]",
            };
            Terminal.Out.MarkupLine($"{state} {Markup.Escape(check.Name)}: {Markup.Escape(check.Detail)}");
        }

        return works ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Holds a model against its reference.</summary>
    public int Compare(string model, string reference, DirectoryInfo? inputs)
    {
        using EncoderModel ours = EncoderModel.Load(Find(model), options.Encoder);
        using EncoderModel theirs = EncoderModel.Load(Find(reference), options.Encoder);
        DriftReport report = inputs is null
            ? ModelDrift.Compare(ours, theirs)
            : ModelDrift.Compare(ours, theirs, ReadTexts(inputs), ReadPictures(inputs));
        if (json)
        {
            Terminal.WriteJson(new { report.IsAccepted, bar = DriftReport.Bar, report.Problem, report.Sides });
            return report.IsAccepted ? ExitCode.Success : ExitCode.Failure;
        }

        foreach (DriftSide side in report.Sides)
        {
            Terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{side.Name}: {side.InputCount} inputs, {side.RowCount} rows, cosine mean {side.Mean:0.00000}, 5 % below {side.FifthPercentile:0.00000}, least {side.Least:0.00000}"));
        }

        string bar = DriftReport.Bar.ToString(CultureInfo.InvariantCulture);
        Terminal.Out.MarkupLine(report.IsAccepted
            ? $"[green]accepted[/]: every side has a mean cosine of at least {bar}"
            : $"[red]refused[/]: {Markup.Escape(report.Problem ?? $"a side has a mean cosine below {bar}")}");
        return report.IsAccepted ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Writes what a model gives for the built-in inputs.</summary>
    public int WriteParity(string model, string path)
    {
        using EncoderModel encoder = EncoderModel.Load(Find(model), options.Encoder);
        ModelSelfTest.WriteParity(encoder, path);
        Terminal.WriteNotice($"wrote {path}");
        return ExitCode.Success;
    }

    private static List<string> ReadTexts(DirectoryInfo folder) =>
        [.. folder.EnumerateFiles("*.txt").OrderBy(file => file.Name, StringComparer.Ordinal)
            .SelectMany(file => File.ReadLines(file.FullName)).Where(line => !string.IsNullOrWhiteSpace(line))];

    private List<RgbImage> ReadPictures(DirectoryInfo folder)
    {
        ImageDecoder decoder = new(options.Limits);
        return [.. folder.EnumerateFiles().Where(file => file.Extension != ".txt").OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => decoder.DecodeFile(file.FullName))];
    }

    // A name means what it means when indexing.
    private string Find(string model)
    {
        using Library library = new(options);
        IReadOnlyList<FoundModel> models = library.ListModels();
        return models.FirstOrDefault(found => Path.GetFileName(found.Folder).Equals(model, StringComparison.OrdinalIgnoreCase))?.Folder
            ?? (Directory.Exists(model)
                ? Path.GetFullPath(model)
                : throw new ModelNotFoundException(model, [.. models.Select(found => Path.GetDirectoryName(found.Folder)!).Distinct()]));
    }
}
