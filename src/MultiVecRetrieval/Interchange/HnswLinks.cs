namespace MultiVecRetrieval.Interchange;

/// <summary>The links of a layered graph as FAISS stores them: per vector, those of level 0, then of each level above.</summary>
public sealed class HnswLinks
{
    private readonly double[] _probabilities;
    private readonly int[] _capacities;
    private readonly long[] _offsets;
    private readonly int[] _links;

    internal HnswLinks(double[] probabilities, int[] capacities, int[] levelCounts, long[] offsets, int[] links, int entryPoint,
        int maxLevel)
    {
        _probabilities = probabilities;
        _capacities = capacities;
        LevelCounts = levelCounts;
        _offsets = offsets;
        _links = links;
        EntryPoint = entryPoint;
        MaxLevel = maxLevel;
    }

    /// <summary>Where a walk begins; -1 without vectors.</summary>
    public int EntryPoint { get; }

    /// <summary>The highest level; -1 without vectors.</summary>
    public int MaxLevel { get; }

    /// <summary>Candidates kept while the graph was built; FAISS uses it for what is added later.</summary>
    public int EfConstruction { get; init; } = 40;

    /// <summary>Candidates that FAISS keeps while searching.</summary>
    public int EfSearch { get; init; } = 16;

    /// <summary>A field of the file that FAISS does not use.</summary>
    internal int UpperBeam { get; init; } = 1;

    /// <summary>Per vector, the number of levels it is on, at least 1.</summary>
    internal int[] LevelCounts { get; }

    /// <summary>The links of a vector on a level.</summary>
    public ReadOnlySpan<int> Get(int vector, int level)
    {
        ReadOnlySpan<int> links = _links.AsSpan((int)_offsets[vector] + _capacities[level], _capacities[level + 1] - _capacities[level]);

        // Free places are -1 and come last.
        int count = links.IndexOf(-1);
        return count < 0 ? links : links[..count];
    }

    /// <summary>Links of a graph of one level: those of every vector, in order of closeness, filled up to the longest list.</summary>
    internal static HnswLinks FromLists(IReadOnlyList<List<int>> lists, int entryPoint)
    {
        int capacity = Math.Max(1, lists.Count == 0 ? 1 : lists.Max(list => list.Count));
        int[] links = new int[checked(lists.Count * capacity)];
        long[] offsets = new long[lists.Count + 1];
        int[] levelCounts = new int[lists.Count];
        Array.Fill(links, -1);
        for (int i = 0; i < lists.Count; i++)
        {
            lists[i].CopyTo(links, i * capacity);
            offsets[i + 1] = (i + 1L) * capacity;
            levelCounts[i] = 1;
        }

        // FAISS draws the level of a vector that is added later: here always 0.
        return new HnswLinks([1], [0, capacity], levelCounts, offsets, links, lists.Count == 0
            ? -1
            : entryPoint, lists.Count == 0 ? -1 : 0);
    }

    internal void WriteTo(FaissWriter writer)
    {
        writer.WriteVector<double>(_probabilities);
        writer.WriteVector<int>(_capacities);
        writer.WriteVector<int>(LevelCounts);
        writer.WriteVector<long>(_offsets);
        writer.WriteVector<int>(_links);
        writer.Write(EntryPoint);
        writer.Write(MaxLevel);
        writer.Write(EfConstruction);
        writer.Write(EfSearch);
        writer.Write(UpperBeam);
    }

    /// <summary>What keeps a walk from staying within the graph; null when nothing does.</summary>
    internal string? FindFault()
    {
        if (_capacities.Length < 2 || _capacities[0] != 0 || _capacities[1] < 1 || !IsAscending(_capacities))
        {
            return "link capacities that do not ascend from 0";
        }

        int count = LevelCounts.Length;
        if (_offsets[0] != 0 || _offsets[count] != _links.Length)
        {
            return $"link offsets from {_offsets[0]} to {_offsets[count]} for {_links.Length} links";
        }

        for (int i = 0; i < count; i++)
        {
            if (LevelCounts[i] < 1 || LevelCounts[i] >= _capacities.Length || _offsets[i + 1] - _offsets[i] != _capacities[LevelCounts[i]])
            {
                return $"vector {i} on {LevelCounts[i]} levels with {_offsets[i + 1] - _offsets[i]} places for links";
            }
        }

        bool hasEntry = count == 0
            ? EntryPoint == -1
            : EntryPoint >= 0 && EntryPoint < count && MaxLevel == LevelCounts[EntryPoint] - 1 && LevelCounts.Max() - 1 <= MaxLevel;
        return hasEntry ? FindStrayLink() : $"entry point {EntryPoint} on level {MaxLevel} of {count} vectors";
    }

    private static bool IsAscending(int[] values)
    {
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    private string? FindStrayLink()
    {
        for (int i = 0; i < LevelCounts.Length; i++)
        {
            for (int level = 0; level < LevelCounts[i]; level++)
            {
                foreach (int link in Get(i, level))
                {
                    if (link < 0 || link >= LevelCounts.Length || LevelCounts[link] <= level)
                    {
                        return $"a link of vector {i} on level {level} to {link}";
                    }
                }
            }
        }

        return null;
    }
}
