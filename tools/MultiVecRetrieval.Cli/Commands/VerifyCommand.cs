using System.CommandLine;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr verify</c>: read every stored byte and check every checksum.</summary>
internal static class VerifyCommand
{
    public static Command Create(GlobalOptions global)
    {
        Command command = new("verify", "Check every checksum of a collection.");
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            VerificationReport report = library.GetCollection(parsed.GetRequiredValue(global.Collection)).Upkeep.Verify(cancellationToken);
            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(report);
            }
            else
            {
                Terminal.Out.MarkupLineInterpolated(
                    $"{report.FilesChecked} files, {report.BytesChecked} bytes checked, {report.Problems.Count} problems");
                foreach (string problem in report.Problems)
                {
                    Terminal.WriteError(problem);
                }
            }

            return report.Problems.Count > 0 ? ExitCode.Failure : ExitCode.Success;
        }));
        return command;
    }
}
