using System.Text.Json;

namespace MultiVecRetrieval.Cli.Agents;

/// <summary>Where a member stands in the bytes of a JSON file, or the object in which it has to be made.</summary>
/// <param name="Object">The innermost object on the way to it.</param>
/// <param name="Depth">How many names of the way lead to that object.</param>
/// <param name="Value">The value of the member; null where there is none.</param>
internal sealed record MemberSpan(ObjectSpan Object, int Depth, Range? Value)
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Follows names from the object that is the file.</summary>
    /// <exception cref="FormatException">What a name on the way leads to is no object.</exception>
    public static MemberSpan Find(byte[] json, IReadOnlyList<string> path, bool allowComments)
    {
        int start = json.AsSpan().StartsWith(Mark) ? Mark.Length : 0;
        Utf8JsonReader reader = new(json.AsSpan(start), new JsonReaderOptions
        {
            CommentHandling = allowComments ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = allowComments,
        });
        reader.Read();
        int brace = start + (int)reader.TokenStartIndex;
        int depth = 0;
        bool isEmpty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            bool isNext = reader.ValueTextEquals(path[depth]);
            reader.Read();
            int value = start + (int)reader.TokenStartIndex;
            if (!isNext)
            {
                reader.Skip();
            }
            else if (depth == path.Count - 1)
            {
                reader.Skip();
                return new MemberSpan(new ObjectSpan(brace, IsEmpty: false), depth, value..(start + (int)reader.BytesConsumed));
            }
            else if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new FormatException($"its member \"{path[depth]}\" is no object");
            }
            else
            {
                depth++;
                brace = value;
                isEmpty = true;
            }
        }

        return new MemberSpan(new ObjectSpan(brace, isEmpty), depth, null);
    }
}
