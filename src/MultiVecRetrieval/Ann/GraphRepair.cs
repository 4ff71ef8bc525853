namespace MultiVecRetrieval.Ann;

/// <summary>
/// Makes every node reachable from the entry points: pruning may drop the last link to a node. Every lost node gets a link from a
/// near node that can be reached, in a free place or in that of a link by which nothing is reached first.
/// </summary>
internal sealed class GraphRepair
{
    private const int Unreached = -2;
    private const int Root = -1;

    private readonly NodeTable _nodes;
    private readonly int _count;
    private readonly int _entryCount;
    private readonly int[] _parents;
    private readonly int[] _queue;

    public GraphRepair(NodeTable nodes, int count, int entryCount)
    {
        _nodes = nodes;
        _count = count;
        _entryCount = entryCount;
        _parents = new int[count];
        _queue = new int[count];
    }

    /// <summary>Links every lost node; returns how many there were.</summary>
    public int Run(int ef)
    {
        Array.Fill(_parents, Unreached);
        int reached = 0;
        for (int node = 0; node < _entryCount; node++)
        {
            reached = Reach(node, Root, reached);
        }

        reached = Spread(0, reached);
        int lost = 0;
        GraphWalk walk = new(_count, _nodes.CodeLength, _nodes.MaxDegree);
        for (int node = 0; node < _count && reached < _count; node++)
        {
            if (_parents[node] != Unreached)
            {
                continue;
            }

            lost++;
            walk.Query.SetNode(_nodes, node);
            walk.Start(ef);
            walk.Run<Int8Scoring>(_nodes, ef, _entryCount, []);
            if (!TryLinkNear(walk, node))
            {
                LinkAny(node);
            }

            int from = reached;
            reached = Spread(from, Reach(node, _parents[node], reached, isNew: true));
        }

        return lost;
    }

    private unsafe int Spread(int first, int reached)
    {
        for (int i = first; i < reached; i++)
        {
            int node = _queue[i];
            for (int link = 0; link < _nodes.GetDegree(node); link++)
            {
                reached = Reach(_nodes.GetLinks(node)[link], node, reached);
            }
        }

        return reached;
    }

    private int Reach(int node, int parent, int reached, bool isNew = false)
    {
        if (_parents[node] != Unreached && !isNew)
        {
            return reached;
        }

        _parents[node] = parent;
        _queue[reached] = node;
        return reached + 1;
    }

    private bool TryLinkNear(GraphWalk walk, int node)
    {
        foreach (ulong key in walk.Beam)
        {
            if (TryLink(ScoreKey.GetNode(key), node))
            {
                return true;
            }
        }

        return false;
    }

    // All near nodes are full of links that are the only way to something. There are fewer such links than nodes: one has a place.
    private void LinkAny(int node)
    {
        for (int from = 0; from < _count; from++)
        {
            if (_parents[from] != Unreached && TryLink(from, node))
            {
                return;
            }
        }

        throw new InvalidOperationException($"No place for a link to node {node} among {_count} nodes.");
    }

    private unsafe bool TryLink(int from, int node)
    {
        ref int degree = ref _nodes.GetDegree(from);
        int* links = _nodes.GetLinks(from);
        int place = degree;
        if (degree < _nodes.MaxDegree)
        {
            degree++;
        }
        else
        {
            // Farthest first: links are in ascending order of distance once a node is full.
            do
            {
                place--;
            }
            while (place >= 0 && _parents[links[place]] == from);
        }

        if (place < 0)
        {
            return false;
        }

        links[place] = node;
        _parents[node] = from;
        return true;
    }
}
