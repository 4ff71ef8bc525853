namespace MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

/// <summary>Tokens and their ids, both ways.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string?> _tokens = [];

    public Vocabulary(int capacity = 0)
    {
        _ids = new Dictionary<string, int>(capacity, StringComparer.Ordinal);
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens.Capacity = capacity;
    }

    /// <summary>The largest id plus one.</summary>
    public int Size => _tokens.Count;

    /// <summary>The longest token in UTF-16 units.</summary>
    public int LongestLength { get; private set; }

    /// <summary>Adds a token; a second id for the same text replaces the first one.</summary>
    /// <exception cref="FormatException">The id is negative or beyond 16 million.</exception>
    public void Add(string token, int id)
    {
        if (id is < 0 or > 0xFF_FFFF)
        {
            throw new FormatException($"token {token} has id {id}, expected 0 to {0xFF_FFFF}");
        }

        while (_tokens.Count <= id)
        {
            _tokens.Add(null);
        }

        _tokens[id] = token;
        _ids[token] = id;
        LongestLength = Math.Max(LongestLength, token.Length);
    }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _lookup.TryGetValue(token, out id);

    /// <summary>The text of an id; null when no token has it.</summary>
    public string? Token(int id) => id >= 0 && id < _tokens.Count ? _tokens[id] : null;

    /// <summary>Ids of the tokens &lt;0x00&gt; to &lt;0xFF&gt;; null unless all are there.</summary>
    public int[]? ByteTokens()
    {
        int[] ids = new int[256];
        for (int i = 0; i < 256; i++)
        {
            if (!TryGetId($"<0x{i:X2}>", out ids[i]))
            {
                return null;
            }
        }

        return ids;
    }
}
