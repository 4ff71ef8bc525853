using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Spaces that are added, take the place of others and go; each change is one transaction.</summary>
internal static class SpaceChanges
{
    public static void Add(SqliteConnection connection, Space space) => connection.Execute(
        """
        INSERT INTO main.spaces (name, space_id, dimension, row_format, model_folder, reduction, state, counterpart)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        space.Name,
        space.Id.Value,
        space.Dimension,
        (int)space.RowFormat,
        space.ModelFolder,
        space.Reduction,
        (int)space.State,
        space.Counterpart);

    /// <summary>Makes one space live and keeps the other in its place.</summary>
    public static void Switch(CollectionStore store, IReadOnlyList<Space> spaces, string from, string to)
    {
        if (Find(spaces, from).State != SpaceState.Live)
        {
            throw new SpaceStateException($"Space '{from}' is not asked; there is nothing to take the place of.");
        }

        if (Find(spaces, to).State == SpaceState.Live)
        {
            throw new SpaceStateException($"Space '{to}' is asked already.");
        }

        FileSwap.Run(store, [], connection =>
        {
            connection.Execute("UPDATE main.spaces SET state = $2, counterpart = $3 WHERE name = $1", from, (int)SpaceState.Kept, to);
            connection.Execute("UPDATE main.spaces SET state = $2, counterpart = NULL WHERE name = $1", to, (int)SpaceState.Live);
            return [];
        });
    }

    /// <summary>Removes a space with its rows, tiers and queries. What was to take its place, or whose place it took, is live
    /// then.</summary>
    public static void Remove(CollectionStore store, IReadOnlyList<Space> spaces, string name)
    {
        _ = Find(spaces, name);
        FileSwap.Run(store, [], connection =>
        {
            List<string> dropped = [];
            foreach (TierRecord tier in TierTable.GetTiers(connection).Where(tier => tier.SpaceName == name))
            {
                dropped.AddRange(TierTable.Remove(connection, tier));
            }

            foreach (SegmentRecord segment in CatalogQueries.GetSegments(connection).Where(segment => segment.SpaceName == name))
            {
                dropped.AddRange(CatalogChanges.RemoveSegment(connection, segment.Id));
            }

            connection.Execute("DELETE FROM main.query_samples WHERE space = $1", name);
            connection.Execute("DELETE FROM main.spaces WHERE name = $1", name);
            connection.Execute(
                "UPDATE main.spaces SET state = $2, counterpart = NULL WHERE counterpart = $1", name, (int)SpaceState.Live);
            return dropped;
        });
    }

    private static Space Find(IReadOnlyList<Space> spaces, string name) => spaces.FirstOrDefault(space => space.Name == name)
        ?? throw new UnknownSpaceException(name, [.. spaces.Select(space => space.Name)]);
}
