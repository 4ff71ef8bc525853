using System.CommandLine;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr backup</c> and <c>mvr restore</c>: a collection as one file.</summary>
internal static class BackupCommand
{
    public static Command CreateBackup(GlobalOptions global)
    {
        Argument<FileInfo> file = new("file") { Description = "The archive to write; must not exist.", HelpName = "FILE.tar" };
        Command command = new("backup", "Write a collection with its uploads into a tar archive, while it is used.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string path = parsed.GetRequiredValue(file).FullName;
            if (File.Exists(path))
            {
                throw new UsageException($"{path} exists; a backup overwrites nothing.");
            }

            BackupReport report = await WriteAsync(library, parsed.GetRequiredValue(global.Collection), path, cancellationToken);
            Print(parsed.GetValue(global.Json), new { file = path, report.Generation, report.FileCount, report.SizeInBytes },
                $"{path}: {report.FileCount} files, {report.SizeInBytes} bytes, generation {report.Generation}");
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreateRestore(GlobalOptions global)
    {
        Argument<FileInfo> file = new("file") { Description = "The archive that mvr backup wrote.", HelpName = "FILE.tar" };
        Command command = new("restore", "Make a collection of a backup; every file is checked. --collection names it.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            await using FileStream source = parsed.GetRequiredValue(file).OpenRead();
            BackupReport report = await library.Backups.RestoreAsync(name, source, cancellationToken: cancellationToken);
            Print(parsed.GetValue(global.Json), new { collection = name, report.Generation, report.FileCount, report.SizeInBytes },
                $"{name}: {report.FileCount} files, {report.SizeInBytes} bytes, each as its checksum says");
            return ExitCode.Success;
        });
        return command;
    }

    // Under its name stands only what is whole and on the device.
    private static async Task<BackupReport> WriteAsync(Library library, string collection, string path, CancellationToken cancellationToken)
    {
        string partial = $"{path}.part";
        try
        {
            BackupReport report;
            await using (FileStream target = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                report = await library.Backups.WriteAsync(collection, target, cancellationToken: cancellationToken);
                target.Flush(flushToDisk: true);
            }

            File.Move(partial, path);
            return report;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void Print(bool asJson, object result, string line)
    {
        if (asJson)
        {
            Terminal.WriteJson(result);
        }
        else
        {
            Terminal.Out.MarkupLineInterpolated($"{line}");
        }
    }
}
