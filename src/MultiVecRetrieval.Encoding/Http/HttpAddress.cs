namespace MultiVecRetrieval.Encoding.Http;

/// <summary>What an address that settings name must be: a key is no part of it.</summary>
internal static class HttpAddress
{
    /// <summary>What is wrong with an address, for people; null when nothing is.</summary>
    /// <param name="name">What holds the address: a member or a setting.</param>
    /// <param name="address">The whole address.</param>
    public static string? FindProblem(string name, string address) =>
        !Uri.TryCreate(address, UriKind.Absolute, out Uri? found) || found.Scheme is not ("http" or "https")
            ? $"{name} '{address}' is no http or https address"
        : found.UserInfo.Length > 0 ? $"{name} holds a password; name the variable of the environment that has the key (keyVariable)"
        : null;

    /// <summary>The address without a query string, for people.</summary>
    public static string Show(string address) => new Uri(address).GetLeftPart(UriPartial.Path);

    /// <summary>True for the name of an environment variable, which a key hardly is.</summary>
    public static bool IsVariable(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
