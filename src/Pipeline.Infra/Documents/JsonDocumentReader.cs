using System.Text;
using System.Text.Json;

namespace Pipeline.Infra;

/// <summary>Builds nodes from JSON; lines are counted from the byte position of each token.</summary>
internal ref struct JsonDocumentReader
{
    private readonly string _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private int _line;
    private int _counted;
    private int _nodes;

    private JsonDocumentReader(string file, ReadOnlySpan<byte> bytes)
    {
        _file = file;
        _bytes = bytes;
        _line = 1;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 1000 });
    }

    internal static DocumentNode Read(string file, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        JsonDocumentReader reader = new(file, bytes);
        try
        {
            reader.Next();
            DocumentNode root = reader.ReadNode(0);
            if (reader._reader.Read())
                throw new TemplateException(reader.Here(), "text follows after the end of the document. Remove it.");
            return root;
        }
        catch (JsonException e)
        {
            throw new TemplateException(new Location(file, (int)(e.LineNumber ?? 0) + 1), $"this is no JSON: {FirstSentence(e.Message)} Check commas, quotes and braces.");
        }
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        string first = (end < 0 ? message : message[..end]).Trim();
        return first.EndsWith('.') ? first : first + ".";
    }

    private Location Here()
    {
        int position = (int)_reader.TokenStartIndex;
        if (position > _counted)
        {
            _line += _bytes[_counted..position].Count((byte)'\n');
            _counted = position;
        }

        return new Location(_file, _line);
    }

    private void Next()
    {
        if (!_reader.Read())
            throw new TemplateException(Here(), "the document ends too early. Complete it.");
    }

    private DocumentNode ReadNode(int depth)
    {
        Location at = Here();
        if (depth > DocumentReader.MaxDepth)
            throw DocumentReader.TooDeep(_file, at.Line);
        if (++_nodes > DocumentReader.MaxNodes)
            throw DocumentReader.TooMany(_file, at.Line);
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMap(at, depth),
            JsonTokenType.StartArray => ReadList(at, depth),
            JsonTokenType.String => new ScalarNode(at, _reader.GetString()!),
            JsonTokenType.Null => new ScalarNode(at, "", isNull: true),
            JsonTokenType.True => new ScalarNode(at, "true"),
            JsonTokenType.False => new ScalarNode(at, "false"),
            _ => new ScalarNode(at, Encoding.UTF8.GetString(_reader.ValueSpan)),
        };
    }

    private ListNode ReadList(Location at, int depth)
    {
        List<DocumentNode> items = new();
        Next();
        while (_reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadNode(depth + 1));
            Next();
        }

        return new ListNode(at, items);
    }

    private MapNode ReadMap(Location at, int depth)
    {
        List<MapEntry> entries = new();
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        Next();
        while (_reader.TokenType != JsonTokenType.EndObject)
        {
            string key = _reader.GetString()!;
            Location keyAt = Here();
            if (!lines.TryAdd(key, keyAt.Line))
                throw DocumentReader.Duplicate(_file, keyAt.Line, key, lines[key]);
            Next();
            entries.Add(new MapEntry(key, keyAt, ReadNode(depth + 1)));
            Next();
        }

        return new MapNode(at, entries);
    }
}
