namespace MultiVecRetrieval.Ann;

/// <summary>Gives the free places of each node to the nearest neighbours of its neighbours: beside neighbour codes they cost a walk
/// nothing.</summary>
internal static class GraphFill
{
    public static unsafe void Run(GraphNodes nodes, ParallelOptions parallel)
    {
        NodeTable table = nodes.Table;
        int maxDegree = table.MaxDegree;
        int[] links = new int[checked(nodes.Count * maxDegree)];
        Parallel.For(
            0,
            nodes.Count,
            parallel,
            () => (Walk: new GraphWalk(nodes.Count, table.CodeLength, maxDegree), Keys: new List<ulong>()),
            (node, _, state) =>
            {
                int degree = table.GetDegree(node);
                Span<int> target = links.AsSpan(node * maxDegree, maxDegree);
                new ReadOnlySpan<int>(table.GetLinks(node), degree).CopyTo(target);
                if (degree < maxDegree)
                {
                    state.Keys.Clear();
                    Collect(table, node, state.Walk, state.Keys);
                    state.Keys.Sort();
                    for (int i = 0; degree < maxDegree && i < state.Keys.Count; i++)
                    {
                        target[degree++] = ScoreKey.GetNode(state.Keys[i]);
                    }
                }

                target[degree..].Fill(-1);
                return state;
            },
            _ => { });

        // Only now: what a node got may not depend on what others were given before.
        for (int node = 0; node < nodes.Count; node++)
        {
            ReadOnlySpan<int> source = links.AsSpan(node * maxDegree, maxDegree);
            int degree = source.IndexOf(-1) is >= 0 and int end ? end : maxDegree;
            source[..degree].CopyTo(new Span<int>(table.GetLinks(node), degree));
            table.GetDegree(node) = degree;
        }
    }

    private static unsafe void Collect(in NodeTable table, int node, GraphWalk walk, List<ulong> keys)
    {
        walk.Query.SetNode(table, node);
        walk.Start(1);
        walk.Visit(node);
        int degree = table.GetDegree(node);
        for (int i = 0; i < degree; i++)
        {
            walk.Visit(table.GetLinks(node)[i]);
        }

        for (int i = 0; i < degree; i++)
        {
            int freshCount = walk.CollectFresh(table, table.GetLinks(node)[i]);
            foreach (int neighbor in walk.GetFresh(freshCount))
            {
                keys.Add(ScoreKey.Create(walk.Query.Score(table, neighbor), neighbor));
            }
        }
    }
}
