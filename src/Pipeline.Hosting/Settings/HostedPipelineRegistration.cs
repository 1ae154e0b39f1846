namespace Pipeline.Hosting;

/// <summary>What was said about a pipeline when it was added to the services.</summary>
internal abstract class HostedPipelineRegistration(string name)
{
    public string Name => name;
}
