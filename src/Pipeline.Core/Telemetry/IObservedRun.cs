namespace Pipeline.Core;

/// <summary>A run as instruments that are read from outside see it.</summary>
internal interface IObservedRun
{
    string PipelineName { get; }

    RunProgress Snapshot();
}
