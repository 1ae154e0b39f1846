using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pipeline.Infra;

/// <summary>Builds nodes from the events of the YAML parser and turns the short forms (<c>!Sub</c>) into the long ones (<c>Fn::Sub</c>).</summary>
internal sealed class YamlDocumentReader
{
    private readonly string _file;
    private readonly Parser _parser;
    private int _nodes;

    private YamlDocumentReader(string file, string text)
    {
        _file = file;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    internal static DocumentNode Read(string file, string text)
    {
        YamlDocumentReader reader = new(file, text);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            throw new TemplateException(new Location(file, (int)Math.Max(1, e.Start.Line)), $"this is no YAML: {OneLine(e)} Check indentation, colons and quotes.");
        }
    }

    private static string OneLine(Exception e)
    {
        string message = (e.InnerException ?? e).Message.ReplaceLineEndings(" ").Trim();
        return message.EndsWith('.') ? message : message + ".";
    }

    private static int LineOf(ParsingEvent e) => (int)Math.Max(1, e.Start.Line);

    private DocumentNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
            throw new TemplateException(new Location(_file, 1), "the file holds no document. Give a template with a section 'Resources'.");
        DocumentNode root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out DocumentStart? second))
            throw new TemplateException(new Location(_file, LineOf(second)), "a second document begins here; a template is one document. Remove the line '---'.");
        return root;
    }

    private DocumentNode ReadNode(int depth)
    {
        if (_parser.Accept<AnchorAlias>(out AnchorAlias? alias))
            throw Refused(alias, "an alias (*name)");
        NodeEvent? start = _parser.Accept<NodeEvent>(out NodeEvent? found) ? found : null;
        if (start is null)
            throw new TemplateException(new Location(_file, 1), "the document ends too early. Complete it.");
        int line = LineOf(start);
        if (depth > DocumentReader.MaxDepth)
            throw DocumentReader.TooDeep(_file, line);
        if (++_nodes > DocumentReader.MaxNodes)
            throw DocumentReader.TooMany(_file, line);
        string? tag = start.Tag.IsEmpty || start.Tag.IsNonSpecific ? null : start.Tag.Value;
        Location at = new(_file, line);
        DocumentNode node = start switch
        {
            SequenceStart => ReadList(at, depth),
            MappingStart => ReadMap(at, depth),
            _ => ReadScalar(at, tag),
        };
        return tag is null || tag.StartsWith("tag:yaml.org", StringComparison.Ordinal) ? node : ShortForms.Expand(at, tag, node);
    }

    private ScalarNode ReadScalar(Location at, string? tag)
    {
        Scalar scalar = _parser.Consume<Scalar>();
        bool isNull = scalar.Style == ScalarStyle.Plain && tag is null && scalar.Value is "" or "~" or "null" or "Null" or "NULL";
        return new ScalarNode(at, scalar.Value, isNull && scalar.Style == ScalarStyle.Plain);
    }

    private ListNode ReadList(Location at, int depth)
    {
        _parser.Consume<SequenceStart>();
        List<DocumentNode> items = new();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return new ListNode(at, items);
    }

    private MapNode ReadMap(Location at, int depth)
    {
        _parser.Consume<MappingStart>();
        List<MapEntry> entries = new();
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (_parser.Accept<AnchorAlias>(out AnchorAlias? alias))
                throw Refused(alias, "an alias (*name)");
            if (!_parser.TryConsume<Scalar>(out Scalar? key))
            {
                int bad = _parser.Current is { } current ? LineOf(current) : at.Line;
                throw new TemplateException(new Location(_file, bad), "a key must be a plain text, not a list or a map. Check the braces.");
            }

            if (key.Value == "<<")
                throw Refused(key, "a merge key (<<)");
            if (!lines.TryAdd(key.Value, LineOf(key)))
                throw DocumentReader.Duplicate(_file, LineOf(key), key.Value, lines[key.Value]);
            entries.Add(new MapEntry(key.Value, new Location(_file, LineOf(key)), ReadNode(depth + 1)));
        }

        return new MapNode(at, entries);
    }

    private TemplateException Refused(ParsingEvent e, string what) =>
        new(new Location(_file, LineOf(e)), $"{what} stands here, which CloudFormation does not accept. Write the value out.");
}
