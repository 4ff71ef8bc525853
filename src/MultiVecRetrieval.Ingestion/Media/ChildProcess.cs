using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// A program run on untrusted input: no shell, no standard input, a bare environment, no network where the machine permits,
/// limits on memory, processor time and wall-clock time, and killed with everything that it started.
/// </summary>
/// <remarks>One thread reads <see cref="Output"/>; the clock and cancellation kill from other threads, which ends the output.</remarks>
internal sealed partial class ChildProcess : IDisposable
{
    private const int MaxErrorLength = 8192;
    private const int MaxErrorLineLength = 2048;
    private const int KillSignal = 9;

    // ulimit fails where the limit in force is lower already, which serves as well.
    private const string LimitScript =
        "ulimit -c 0 2>/dev/null; ulimit -v \"$1\" 2>/dev/null; ulimit -t \"$2\" 2>/dev/null; ulimit -f \"$3\" 2>/dev/null; "
        + "shift 3; exec nice -n 5 \"$@\"";

    private readonly Process _process;
    private readonly ChildProcessOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly Timer _clock;
    private readonly Timer _totalClock;
    private readonly CancellationTokenRegistration _registration;
    private readonly Thread _errorReader;
    private readonly StringBuilder _errorText = new();
    private readonly Lock _gate = new();
    private bool _isFinished;
    private volatile string? _expiredSetting;

    private ChildProcess(Process process, ChildProcessOptions options, CancellationToken cancellationToken)
    {
        _process = process;
        _options = options;
        _cancellationToken = cancellationToken;
        Output = process.StandardOutput.BaseStream;
        _errorReader = new Thread(ReadErrors) { IsBackground = true, Name = $"stderr of {Name}" };
        _errorReader.Start();
        _clock = new Timer(_ => Expire(options.TimeoutSetting), null, options.Timeout, Timeout.InfiniteTimeSpan);
        _totalClock = new Timer(_ => Expire("media:fileTimeout"), null, options.TotalTimeout, Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.Register(Kill);
    }

    /// <summary>Standard output; ends when the program does, or is killed.</summary>
    public Stream Output { get; }

    private string Name => Path.GetFileName(_options.FileName);

    /// <summary>Starts a program.</summary>
    /// <exception cref="MediaException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the start.</exception>
    public static ChildProcess Start(ChildProcessOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long kibibytes = Math.Max(options.MaxMemoryBytes / 1024, 1);
        // Twice, because some programs decode with two threads; the limit only backs up the clocks should this process die.
        long seconds = (long)Math.Ceiling(options.TotalTimeout.TotalSeconds * 2) + 1;
        // In blocks of 512 bytes, by POSIX.
        string fileBlocks = options.MaxFileBytes is { } bytes ? $"{(bytes / 512) + 1}" : "unlimited";
        // A session of its own is a process group of its own: one kill reaches all that the program starts.
        ProcessStartInfo start = new("setsid",
        [
            .. NetworkIsolation.Prefix, "sh", "-c", LimitScript, "sh", $"{kibibytes}", $"{seconds}", fileBlocks, options.FileName,
            .. options.Arguments,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        foreach ((string name, string value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return new ChildProcess(process, options, cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new MediaException($"{Path.GetFileName(options.FileName)} cannot be started: {exception.Message}", inner: exception);
        }
    }

    /// <summary>Runs a program to its end and returns its output as text.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="maxOutputLength">More output than this, in bytes, is an error.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <exception cref="MediaException">It took too long or wrote too much.</exception>
    public static (ChildExit Exit, string Output) Run(ChildProcessOptions options, int maxOutputLength, CancellationToken cancellationToken)
    {
        using ChildProcess child = Start(options, cancellationToken);
        using MemoryStream output = new();
        byte[] buffer = new byte[16384];
        for (int count; (count = child.Output.Read(buffer)) > 0;)
        {
            output.Write(buffer, 0, count);
            if (output.Length > maxOutputLength)
            {
                throw new MediaException($"{child.Name} wrote more than {maxOutputLength} bytes.");
            }
        }

        ChildExit exit = child.WaitForExit();
        return (exit, System.Text.Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length));
    }

    /// <summary>Gives the program the whole <see cref="ChildProcessOptions.Timeout"/> again, because it delivered something.</summary>
    public void RestartClock()
    {
        lock (_gate)
        {
            if (!_isFinished)
            {
                _clock.Change(_options.Timeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Waits for the end, which the clocks bound, and tells how it ended.</summary>
    /// <exception cref="MediaException">It was killed because its time was over.</exception>
    /// <exception cref="OperationCanceledException">It was killed because of cancellation.</exception>
    public ChildExit WaitForExit()
    {
        _process.WaitForExit();
        _errorReader.Join();
        Finish();
        _cancellationToken.ThrowIfCancellationRequested();
        if (_expiredSetting is { } setting)
        {
            TimeSpan limit = setting == _options.TimeoutSetting ? _options.Timeout : _options.TotalTimeout;
            throw new MediaException($"{Name} did not finish within {limit.TotalSeconds:0.###} s.", setting);
        }

        return new ChildExit(Name, _process.ExitCode, _errorText.ToString());
    }

    /// <summary>Kills the program if it still runs.</summary>
    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _errorReader.Join();
        Finish();
        _registration.Dispose();
        _clock.Dispose();
        _totalClock.Dispose();
        _process.Dispose();
    }

    private void Expire(string setting)
    {
        _expiredSetting ??= setting;
        Kill();
    }

    private void Finish()
    {
        lock (_gate)
        {
            _isFinished = true;
        }
    }

    // The group's number cannot belong to anybody else before Finish: the leader lives, or a member holds our pipe open.
    private void Kill()
    {
        lock (_gate)
        {
            // In the first moments the group does not exist yet, and the process itself is the whole tree.
            if (!_isFinished && SendSignal(-_process.Id, KillSignal) != 0)
            {
                _process.Kill();
            }
        }
    }

    private void ReadErrors()
    {
        using StreamReader reader = new(_process.StandardError.BaseStream, System.Text.Encoding.UTF8);
        StringBuilder line = new();
        char[] buffer = new char[4096];
        for (int count; (count = reader.Read(buffer)) > 0;)
        {
            foreach (char c in buffer.AsSpan(0, count))
            {
                if (c == '\n')
                {
                    TakeLine(line);
                }
                else if (line.Length < MaxErrorLineLength)
                {
                    line.Append(char.IsControl(c) ? ' ' : c);
                }
            }
        }

        TakeLine(line);
    }

    private void TakeLine(StringBuilder line)
    {
        string text = line.ToString();
        line.Clear();
        string? kept = text.Length > 0 && _options.ErrorLine is { } take ? take(text) : text;
        if (!string.IsNullOrEmpty(kept) && _errorText.Length + kept.Length < MaxErrorLength)
        {
            _errorText.Append(kept).Append('\n');
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
