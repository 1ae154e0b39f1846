namespace Pipeline.Core;

/// <summary>The end of a run whose results a consumer takes out of the last queue.</summary>
internal sealed class StreamEnd<T>(StageDefinition last) : StageDefinition(last.SettingsOfEnd())
{
    public StreamNode<T>? Node { get; private set; }

    public override StageDefinition AddPrefix(string prefix) =>
        throw new NotSupportedException("The end of a run is no stage of a definition.");

    public override StageQueue CreateInput(RunContext run, int limitItems) => new StageQueue<T>(run, Settings.Capacity, limitItems);

    public override EngineNode AddNodes(RunGraph graph, int workers, StagePlace place) =>
        Node = graph.Add(new StreamNode<T>(graph.Scheduler, (StageQueue<T>)place.Input));
}
