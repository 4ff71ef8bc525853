using System.Diagnostics;
using System.Text.RegularExpressions;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Tests.Clients;

namespace MultiVecRetrieval.Tests.Server.Models;

/// <summary>Every example of docs/clients.md and docs/recipes.md runs and prints what it says.</summary>
public sealed partial class ClientsPageTests(ModelServer server) : IClassFixture<ModelServer>
{
    private static readonly (string Language, string Code)[] Examples = [.. new[] { "clients.md", "recipes.md" }
        .SelectMany(page => Fences().Matches(
            File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "docs", page)).ReplaceLineEndings("\n")))
        .Select(match => (match.Groups["language"].Value, match.Groups["code"].Value))];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Examples.Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public async Task Example_PrintsWhatItSays(int index)
    {
        Assert.SkipUnless(
            File.Exists(Path.Combine(BundledModels.Folder, BundledModels.Sentences, "onnx", "model.onnx")), "minilm was not built.");
        (string language, string code) = Examples[index];
        string promise = Promises().Match(code).Groups["words"].Value.Trim();
        string there = code.Replace("http://127.0.0.1:8080", server.Address, StringComparison.Ordinal);

        string output = language switch
        {
            "js" => await NodeClient.RunTextAsync("--input-type=module", "-e", there),
            "python" => Run("/usr/bin/python3", there),
            _ => Run("/bin/bash", there),
        };

        Assert.NotEmpty(promise);
        Assert.Contains(promise, output, StringComparison.Ordinal);
    }

    private static string Run(string program, string code)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is not installed.");
        Assert.SkipWhen(code.StartsWith("curl", StringComparison.Ordinal) && !File.Exists("/usr/bin/curl"), "curl is not installed.");
        ProcessStartInfo start = new(program, ["-c", code]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} took more than a minute.");
        }

        Assert.True(process.ExitCode == 0, error.Result);
        return output.Result;
    }

    [GeneratedRegex("""^```(?<language>js|python|sh)\n(?<code>.*?)^```$""", RegexOptions.Multiline | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fences();

    [GeneratedRegex("""(//|#) prints (?<words>.+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Promises();
}
