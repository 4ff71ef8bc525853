using System.CommandLine;
using System.Globalization;
using MultiVecRetrieval.Cluster;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr push</c>, <c>mvr pull</c> and <c>mvr copies</c>: copies of collections in object storage.</summary>
internal static class CopyCommands
{
    public static Command CreatePush(GlobalOptions global)
    {
        Argument<string> store = CreateStore();
        Command command = new(
            "push", "Store a copy of a collection with its uploads in a bucket or folder, while it is used; only what no copy has is sent.")
        {
            store,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            using IObjectStore objects = ObjectStores.Open(parsed.GetRequiredValue(store));
            using CollectionFiles files = library.Backups.OpenFiles(name);
            PushReport report = await ShowAsync(
                progress => new CopyStore(objects).PushAsync(name, files, progress, cancellationToken));
            Print(parsed.GetValue(global.Json), report,
                $"{objects.Address}: copy {report.Copy.Id} of {name}, {report.FileCount} files, {report.SizeInBytes} bytes, {report.SentBytes} of them sent");
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreatePull(GlobalOptions global)
    {
        Argument<string> store = CreateStore();
        Option<string?> copy = new("--copy") { Description = "Which copy (mvr copies lists them; default: the newest).", HelpName = "ID" };
        Option<string?> target = new("--as") { Description = "Name of the new collection (default: the one it had).", HelpName = "NAME" };
        Command command = new(
            "pull", "Make a collection of a copy in a bucket or folder; every block is checked, and what stopped goes on. --collection names it.")
        {
            store,
            copy,
            target,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            string own = parsed.GetValue(target) ?? name;
            using IObjectStore objects = ObjectStores.Open(parsed.GetRequiredValue(store));
            PullReport? report = null;
            await library.Backups.RestoreFilesAsync(
                own,
                async folder => report = await ShowAsync(progress => new CopyStore(objects).PullAsync(
                    name, folder, parsed.GetValue(copy), progress, cancellationToken)),
                cancellationToken);
            Print(parsed.GetValue(global.Json), report!,
                $"{own}: copy {report!.Copy.Id}, {report.FileCount} files, {report.SizeInBytes} bytes, each block as its checksum says");
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreateCopies(GlobalOptions global)
    {
        Argument<string> store = CreateStore();
        Option<bool> check = new("--check") { Description = "Check that every block of every copy is there." };
        Option<bool> read = new("--read") { Description = "With --check: read every block and compare its checksum." };
        Option<int?> keep = new("--keep")
        {
            Description = "Remove all but the newest N copies of --collection, and every block that no copy needs.",
            HelpName = "N",
        };
        Command command = new("copies", "List the copies of collections in a bucket or folder, check them, or remove old ones.")
        {
            store,
            check,
            read,
            keep,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using IObjectStore objects = ObjectStores.Open(parsed.GetRequiredValue(store));
            CopyStore copies = new(objects);
            bool asJson = parsed.GetValue(global.Json);
            if (parsed.GetValue(read) && !parsed.GetValue(check))
            {
                throw new UsageException("--read says how --check checks; give both.");
            }

            if (parsed.GetValue(keep) is { } count)
            {
                string name = global.FindCollection(parsed)
                    ?? throw new UsageException("--keep removes copies of one collection: --collection NAME says of which.");
                if (count < 1)
                {
                    throw new UsageException($"--keep takes 1 and more copies; {count} was given.");
                }

                CollectReport removed = await copies.CollectAsync(name, count, cancellationToken);
                Print(asJson, removed, $"{removed.CopyCount} copies of {name} and {removed.BlockCount} blocks removed, {removed.FreedBytes} bytes");
                return ExitCode.Success;
            }

            if (parsed.GetValue(check))
            {
                CopyCheck found = await ShowAsync(progress => copies.CheckAsync(parsed.GetValue(read), progress, cancellationToken));
                Print(asJson, found,
                    $"{found.CopyCount} copies of {found.BlockCount} blocks, {found.SizeInBytes} bytes: {found.Problems.Count} problems");
                foreach (string problem in asJson ? [] : found.Problems)
                {
                    Terminal.WriteError(problem);
                }

                return found.Problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
            }

            IReadOnlyList<CopyInfo> all = await copies.ListAsync(global.FindCollection(parsed), cancellationToken);
            if (asJson)
            {
                Terminal.WriteJson(all);
            }

            foreach (CopyInfo copy in asJson ? [] : all)
            {
                string time = copy.CreatedAt.ToString("u", CultureInfo.InvariantCulture);
                Terminal.Out.MarkupLineInterpolated($"{copy.Collection}  {copy.Id}  {time}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Argument<string> CreateStore() => new("store")
    {
        Description = "s3://BUCKET/PREFIX (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL_S3), or a folder.",
        HelpName = "STORE",
    };

    private static async Task<T> ShowAsync<T>(Func<IProgress<CopyProgress>, Task<T>> work)
    {
        LineDisplay<CopyProgress> display = new(Describe);
        try
        {
            return await work(display);
        }
        finally
        {
            display.Complete();
        }
    }

    private static string Describe(CopyProgress value)
    {
        double share = value.BytesTotal > 0 ? (double)value.BytesDone / value.BytesTotal : 1;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{share * 100,3:0}% {value.BytesDone / 1e6:0.0}/{value.BytesTotal / 1e6:0.0} MB  {value.File}");
    }

    private static void Print(bool asJson, object result, FormattableString line)
    {
        if (asJson)
        {
            Terminal.WriteJson(result);
        }
        else
        {
            Terminal.Out.MarkupLineInterpolated(line);
        }
    }
}
