using System.Text.Json;

namespace MultiVecRetrieval.Cli.Agents;

/// <summary>Where a member of a section stands in the bytes of a JSON file, and the objects around it.</summary>
/// <param name="Root">The object that is the file.</param>
/// <param name="Section">The object of the section; null where there is none.</param>
/// <param name="Member">The value of the member; null where there is none.</param>
internal sealed record MemberSpans(ObjectSpan Root, ObjectSpan? Section, Range? Member)
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="FormatException">The section is no object.</exception>
    public static MemberSpans Find(byte[] json, string section, string name, bool allowComments)
    {
        int start = json.AsSpan().StartsWith(Mark) ? Mark.Length : 0;
        Utf8JsonReader reader = new(json.AsSpan(start), new JsonReaderOptions
        {
            CommentHandling = allowComments ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = allowComments,
        });
        reader.Read();
        int root = start + (int)reader.TokenStartIndex;
        bool isEmpty = true;
        MemberSpans found = new(new ObjectSpan(root, IsEmpty: true), null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            bool isSection = reader.ValueTextEquals(section);
            reader.Read();
            if (!isSection)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new FormatException($"its member \"{section}\" is no object");
            }
            else
            {
                found = FindMember(ref reader, found, start, name);
            }
        }

        return found with { Root = new ObjectSpan(root, isEmpty) };
    }

    private static MemberSpans FindMember(ref Utf8JsonReader reader, MemberSpans found, int start, string name)
    {
        int section = start + (int)reader.TokenStartIndex;
        bool isEmpty = true;
        Range? member = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            bool isMember = reader.ValueTextEquals(name);
            reader.Read();
            int value = start + (int)reader.TokenStartIndex;
            reader.Skip();
            member = isMember ? value..(start + (int)reader.BytesConsumed) : member;
        }

        return found with { Section = new ObjectSpan(section, isEmpty), Member = member };
    }
}
