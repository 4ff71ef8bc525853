using System.Text.Json;
using MultiVecRetrieval.Encoding.Folders;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>One run that brings the files of a model together and gives the folder its name. Used once.</summary>
internal sealed class ModelPull(
    ModelReference reference, string commit, string? graph, IReadOnlyDictionary<string, HubFile> files, HubCache? cache, HubClient? client,
    IProgress<ModelPullProgress>? progress)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly List<HubFile> _wanted = [];
    private readonly List<HubFile> _done = [];
    private long _lastReport;

    /// <summary>Fetches into a folder beside <paramref name="destination"/> and renames it.</summary>
    /// <returns>The files.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string destination, CancellationToken cancellationToken)
    {
        // The folder has its commit and variant in its name, so that parts of two versions never meet.
        string parent = Path.GetDirectoryName(destination)!;
        string prefix = $".pull-{Path.GetFileName(destination)}~";
        string folder = Path.Combine(parent, $"{prefix}{commit[..12]}{(graph is null ? "" : "-" + graph)}");
        Directory.CreateDirectory(folder);
        using (TakeLock(folder))
        {
            await FetchAllAsync(folder, cancellationToken).ConfigureAwait(false);
            if (reference.Entry?.Encoder is { } encoder && !files.ContainsKey(EncoderDescription.FileName))
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder, EncoderDescription.FileName), encoder.ToJsonString(Indented) + "\n", cancellationToken).ConfigureAwait(false);
            }

            new PullRecord(reference.Repository, commit, graph, _done).Write(folder);
            Directory.Move(folder, destination);
        }

        RemoveOthers(parent, prefix);
        return [.. _done.Select(file => file.Path)];
    }

    private async Task FetchAllAsync(string folder, CancellationToken cancellationToken)
    {
        Want(HubFileChoice.Choose(files, graph));
        CheckSpace(folder);
        await FetchWantedAsync(folder, cancellationToken).ConfigureAwait(false);
        Want(HubFileChoice.NamedBy(folder, files));
        await FetchWantedAsync(folder, cancellationToken).ConfigureAwait(false);
        string[] graphs = [.. _done.Select(file => file.Path).Where(path => path.EndsWith(".onnx", StringComparison.Ordinal))];
        Want(HubFileChoice.WeightsOf(folder, graphs, files));
        await FetchWantedAsync(folder, cancellationToken).ConfigureAwait(false);
    }

    private void Want(IEnumerable<HubFile> more) => _wanted.AddRange(more.Where(file => !_wanted.Contains(file)).ToList());

    private async Task FetchWantedAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (HubFile file in _wanted.Except(_done).ToList())
        {
            await FetchAsync(file, folder, cancellationToken).ConfigureAwait(false);
            _done.Add(file);
            Report(file, bytes: 0, always: true);
        }
    }

    private async Task FetchAsync(HubFile file, string folder, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (await IsRightAsync(path, file, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        string part = path + ".part";
        if (cache?.Find(file, commit) is { } cached)
        {
            File.Copy(cached, part, overwrite: true);
            if (!await IsRightAsync(part, file, cancellationToken).ConfigureAwait(false) && client is not null)
            {
                File.Delete(part);
            }
        }

        if (client is not null)
        {
            // What an earlier run left may be of a broken connection; a wrong checksum is believed when the whole came at once.
            bool isResumed = File.Exists(part);
            await client.DownloadAsync(file, commit, part, bytes => Report(file, bytes, always: false), cancellationToken)
                .ConfigureAwait(false);
            if (isResumed && !await IsRightAsync(part, file, cancellationToken).ConfigureAwait(false))
            {
                File.Delete(part);
                await client.DownloadAsync(file, commit, part, bytes => Report(file, bytes, always: false), cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        await CheckAsync(file, part, cancellationToken).ConfigureAwait(false);
        File.Move(part, path, overwrite: true);
    }

    private static async Task<bool> IsRightAsync(string path, HubFile file, CancellationToken cancellationToken) =>
        new FileInfo(path) is { Exists: true } found && found.Length == file.Size
        && await file.Digest.ComputeAsync(path, cancellationToken).ConfigureAwait(false) == file.Digest.Hexadecimal;

    private async Task CheckAsync(HubFile file, string part, CancellationToken cancellationToken)
    {
        if (!File.Exists(part))
        {
            throw new ModelPullException(reference.Repository, $"{file.Path} is not in the cache, and HF_HUB_OFFLINE is set.");
        }

        string actual = await file.Digest.ComputeAsync(part, cancellationToken).ConfigureAwait(false);
        if (actual != file.Digest.Hexadecimal)
        {
            File.Delete(part);
            throw new ModelPullException(
                reference.Repository, $"{file.Path} has the {file.Digest.Kind} {actual}, expected {file.Digest.Hexadecimal}; it was deleted.");
        }
    }

    private void CheckSpace(string folder)
    {
        long needed = _wanted.Sum(file => file.Size);
        long free = new DriveInfo(folder).AvailableFreeSpace
            + Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);
        if (needed > free)
        {
            throw new ModelPullException(
                reference.Repository, FormattableString.Invariant($"it needs {needed >> 20} MiB, and {folder} has {free >> 20} MiB left."));
        }
    }

    private void Report(HubFile file, long bytes, bool always)
    {
        long now = Environment.TickCount64;
        if (progress is null || (!always && now - _lastReport < ReportInterval.TotalMilliseconds))
        {
            return;
        }

        _lastReport = now;
        progress.Report(new ModelPullProgress(
            file.Path, _done.Count, _wanted.Count, _done.Sum(other => other.Size) + bytes, _wanted.Sum(other => other.Size)));
    }

    // What earlier runs of other versions left, unless one is still at work.
    private static void RemoveOthers(string parent, string prefix)
    {
        foreach (string left in Directory.EnumerateFiles(parent, prefix + "*.lock"))
        {
            try
            {
                using FileStream held = Lock(left);
                string folder = Path.ChangeExtension(left, null);
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }

                File.Delete(left);
            }
            catch (IOException)
            {
                // Another process holds it.
            }
        }
    }

    private FileStream TakeLock(string folder)
    {
        try
        {
            return Lock(folder + ".lock");
        }
        catch (IOException error)
        {
            throw new ModelPullException(
                reference.Repository, $"another process is fetching it ({folder}.lock is held).", innerException: error);
        }
    }

    private static FileStream Lock(string path) => new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
}
