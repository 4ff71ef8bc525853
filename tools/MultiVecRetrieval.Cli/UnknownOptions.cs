using System.CommandLine;
using System.CommandLine.Parsing;

namespace MultiVecRetrieval.Cli;

/// <summary>
/// Finds misspelt options. Commands take any number of words, and the parser takes what it does not know for one of them; people who
/// mean such a word write <c>--</c> before it.
/// </summary>
internal static class UnknownOptions
{
    /// <summary>What is wrong, one line for each word that looks like an option and is none.</summary>
    public static IEnumerable<string> Describe(ParseResult parsed)
    {
        HashSet<string> typed = [.. parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && IsLongOption(token.Value)).Select(token => token.Value)];
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value).Where(typed.Contains).Distinct(StringComparer.Ordinal)
            .Select(word => $"there is no option '{word}'; write -- before words that begin like one.");
    }

    private static bool IsLongOption(string word) => word.Length > 2 && word.StartsWith("--", StringComparison.Ordinal);
}
