namespace MultiVecRetrieval.Numerics;

/// <summary>What to say of a name that there is not.</summary>
internal static class KnownNames
{
    /// <summary>More changes than this, or than half of the name, make another word.</summary>
    private const int MaxDistance = 2;

    /// <summary>Says that there is no such name, which one is near, and all that there are.</summary>
    /// <param name="name">What was given.</param>
    /// <param name="known">The names and how each is written with its arguments; null for no usage.</param>
    public static string Refuse(string name, IEnumerable<(string Name, string? Usage)> known)
    {
        (string Name, string? Usage)[] all = [.. known];
        string near = FindNear(name, [.. all.Select(candidate => candidate.Name)]) is { } found
            ? $", but there is '{found}'{(all.First(candidate => candidate.Name == found).Usage is { } usage ? $", written {usage}" : "")}"
                : "";
        return $"there is no '{name}'{near}. Known: {string.Join(", ", all.Select(candidate => candidate.Name))}.";
    }

    /// <summary>The name that takes fewest changes, the first of several; null when none is near.</summary>
    internal static string? FindNear(string name, IReadOnlyList<string> known)
    {
        string? nearest = null;
        int least = Math.Min(MaxDistance, name.Length / 2) + 1;
        foreach (string candidate in known)
        {
            int distance = GetDistance(name, candidate);
            if (distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    // Letters added, left out, changed, or swapped with their neighbour (Damerau, Communications of the ACM 7, 1964), whatever their case.
    private static int GetDistance(string a, string b)
    {
        int[,] distances = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                bool isEqual = IsEqual(a[i - 1], b[j - 1]);
                int distance =
                    Math.Min(distances[i - 1, j - 1] + (isEqual ? 0 : 1), 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
                if (i > 1 && j > 1 && IsEqual(a[i - 1], b[j - 2]) && IsEqual(a[i - 2], b[j - 1]))
                {
                    distance = Math.Min(distance, distances[i - 2, j - 2] + 1);
                }

                distances[i, j] = distance;
            }
        }

        return distances[a.Length, b.Length];
    }

    private static bool IsEqual(char x, char y) => char.ToUpperInvariant(x) == char.ToUpperInvariant(y);
}
