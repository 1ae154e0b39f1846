namespace Pipeline.Core;

/// <summary>The end of a run whose results a consumer takes out of the last hop.</summary>
internal sealed class StreamEnd<T>(StageDefinition last) : StageDefinition(last.SettingsOfEnd())
{
    public StreamNode<T>? Node { get; private set; }

    public override StageDefinition AddPrefix(string prefix) => throw new NotSupportedException("The end of a run is no stage of a definition.");

    public override Hop CreateInput(RunContext run, int limitItems) => new Hop<T>(run, Settings.Capacity, limitItems);

    public override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place)
    {
        Node = new StreamNode<T>(graph.Scheduler, (Hop<T>)place.Input);
        place.Input.Consumer = Node;
        graph.Add(Node);
        return Node;
    }
}
