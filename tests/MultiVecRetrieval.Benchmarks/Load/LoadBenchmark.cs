using System.Diagnostics;
using System.Globalization;

namespace MultiVecRetrieval.Benchmarks.Load;

/// <summary>
/// A server under many clients that search, ask by vectors, upload and go away in the middle: what it answered, how long it took, and
/// whether everything that it took is there afterwards. Exits with 1 where an answer was an error of the server or an upload is lost.
/// </summary>
internal static class LoadBenchmark
{
    public static async Task<int> RunAsync(string[] options)
    {
        (int clientCount, int seconds) = (200, 60);
        for (int i = 0; i < options.Length; i += 2)
        {
            string given = i + 1 < options.Length ? options[i + 1] : "";
            int value = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
            switch (options[i])
            {
                case "--clients" when value > 0:
                    clientCount = value;
                    break;
                case "--seconds" when value > 0:
                    seconds = value;
                    break;
                default:
                    Console.Error.WriteLine($"Unknown option {options[i]}; load knows --clients N and --seconds N.");
                    return 2;
            }
        }

        await using LoadServer server = await LoadServer.StartAsync();
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{LoadServer.RecordCount} records of {LoadServer.Dimension}-d vectors and {LoadServer.TextCount} texts; "
            + "client and server share the machine");
        LoadTally alone = await RunClientsAsync(server, clientCount: 1, Math.Min(seconds, 15), seed: 1);
        alone.Print("1 client");
        LoadTally many = await RunClientsAsync(server, clientCount, seconds, seed: 2);
        many.Print($"{clientCount} clients");
        int lost = await server.CountLostAsync([.. alone.Uploads, .. many.Uploads]);
        Console.WriteLine($"{alone.Uploads.Count + many.Uploads.Count} uploads were acknowledged, {lost} are missing");
        return lost > 0 || alone.ServerErrorCount + many.ServerErrorCount > 0 ? 1 : 0;
    }

    private static async Task<LoadTally> RunClientsAsync(LoadServer server, int clientCount, int seconds, int seed)
    {
        LoadTally tally = new();
        Stopwatch clock = Stopwatch.StartNew();
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(seconds));
        await Task.WhenAll(Enumerable.Range(0, clientCount).Select(i =>
            new LoadClient(server, new Random((seed * 100_000) + i), tally).RunAsync(over.Token)));
        tally.Seconds = clock.Elapsed.TotalSeconds;
        return tally;
    }
}
