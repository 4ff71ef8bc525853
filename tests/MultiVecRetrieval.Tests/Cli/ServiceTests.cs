using System.Diagnostics;
using System.Net.Sockets;

namespace MultiVecRetrieval.Tests.Cli;

/// <summary><c>mvr serve</c> under a service manager: what it tells it, and the unit file.</summary>
public sealed class ServiceTests
{
    private const string Analyzer = "/usr/bin/systemd-analyze";

    [Fact]
    public async Task Serve_StartedByAServiceManager_TellsWhenItAnswersAndStops()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Service managers with sockets are those of Linux.");
        using TemporaryFolder folder = new();
        string path = folder.PathOf("notify");
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));

        // Asked to stop as soon as it answers, it stops.
        using Process server = Tool.Start(
            ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.PathOf("data")], variable: ("NOTIFY_SOCKET", path));
        using Killer killer = new(server);
        Task<string> messages = server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string first = await ReceiveAsync(manager);
        using (Process kill = Process.Start("kill", ["-TERM", $"{server.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        string second = await ReceiveAsync(manager);
        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(30)), "The server did not stop.");

        Assert.Equal(("READY=1", "STOPPING=1"), (first, second));
        Assert.Contains("open http://127.0.0.1:", await messages, StringComparison.Ordinal);
    }

    [Fact]
    public void SystemdUnit_OfOptionsWithSpecialCharacters_IsWhatSystemdTakes()
    {
        using TemporaryFolder folder = new();
        string data = folder.PathOf("a b %h $HOME \"c\"");

        ToolResult result = Tool.RunIn(
            folder, ("DOTNET_ROOT", "/opt/dot net"), "serve", "--systemd-unit", "--data", data, "--set", "server:maxTop=50");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Type=notify\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("a b %%h $$HOME \\\"c\\\"\" \"--set\" \"server:maxTop=50\"\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Environment=\"DOTNET_ROOT=/opt/dot net\"\n", result.Output, StringComparison.Ordinal);
        Assert.SkipUnless(File.Exists(Analyzer), $"{Analyzer} is not installed.");
        string unit = folder.PathOf("mvr.service");
        File.WriteAllText(unit, result.Output);
        using Process analyzer = Process.Start(new ProcessStartInfo(Analyzer, ["verify", "--man=no", unit])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        string said = analyzer.StandardError.ReadToEnd();
        analyzer.WaitForExit();
        Assert.DoesNotContain("mvr.service", said, StringComparison.Ordinal);
        Assert.Equal(0, analyzer.ExitCode);
    }

    [Fact]
    public void SystemdUnit_WithAKey_IsRefused()
    {
        ToolResult result = Tool.Run("serve", "--systemd-unit", "--api-key", "0123456789abcdef");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("MVR_SERVER__API_KEY", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[256];
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromMinutes(1));
        return System.Text.Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, late.Token));
    }

    // Whatever fails, nothing of the test lives on.
    private sealed class Killer(Process process) : IDisposable
    {
        public void Dispose() => process.Kill();
    }
}
