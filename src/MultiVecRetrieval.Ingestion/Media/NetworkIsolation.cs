using System.Diagnostics;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Whether child processes can be cut off from the network on this machine, found out once.</summary>
internal static class NetworkIsolation
{
    private static readonly string[][] Variants = [["unshare", "-n", "--"], ["unshare", "-r", "-n", "--"]];
    private static readonly Lazy<string[]> FirstThatWorks = new(() => Array.Find(Variants, Works) ?? []);

    /// <summary>
    /// The command that goes before a program to give it an empty network: as root a network namespace alone, else one in a
    /// user namespace; empty where neither is permitted, and then only the programs' own protocol allow-lists hold.
    /// </summary>
    public static IReadOnlyList<string> Prefix => FirstThatWorks.Value;

    private static bool Works(string[] prefix)
    {
        try
        {
            ProcessStartInfo start =
                new(prefix[0], [.. prefix[1..], "true"]) { RedirectStandardError = true, RedirectStandardInput = true };
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
