namespace Pipeline.Jobs.AspNetCore;

/// <summary>Settings of the job service. They are read when the service starts.</summary>
public sealed class JobServiceOptions
{
    /// <summary>Gets or sets the folder of jobs, artifacts and link keys.</summary>
    /// <value>Default <c>pipeline-data</c> in the current folder. On a local file system.</value>
    public string DataFolder { get; set; } = "pipeline-data";

    /// <summary>Gets or sets the store.</summary>
    /// <value>Null, the default: an SQLite file in the data folder.</value>
    public IJobStore? Store { get; set; }

    /// <summary>Gets or sets the queue.</summary>
    /// <value>Null, the default: the store is the queue.</value>
    public IJobQueue? Queue { get; set; }

    /// <summary>Gets or sets where inputs and results are.</summary>
    /// <value>Null, the default: files in the data folder.</value>
    public IArtifactStore? Artifacts { get; set; }

    /// <summary>Gets or sets what makes the links of artifacts.</summary>
    /// <value>Null, the default: links that lead to this service.</value>
    public IArtifactLinks? Links { get; set; }

    /// <summary>Gets the bodies that this process runs jobs with.</summary>
    /// <value>Empty by default.</value>
    public JobBodies Bodies { get; } = new();

    /// <summary>Gets or sets the kinds that are accepted.</summary>
    /// <value>Null, the default: the kinds of <see cref="Bodies"/>.</value>
    public IReadOnlyCollection<string>? Kinds { get; set; }

    /// <summary>Gets or sets the kinds whose jobs are settled after their end.</summary>
    /// <value>Null, the default: those of <see cref="Bodies"/> that say so.</value>
    public IReadOnlyCollection<string>? SettledKinds { get; set; }

    /// <summary>Gets or sets the settings of the worker in this process.</summary>
    /// <value>Null for no worker: jobs are done by other processes. Default: one slot.</value>
    public JobWorkerOptions? Worker { get; set; } = new();

    /// <summary>Gets the API keys.</summary>
    /// <value>Empty by default. With no key and without <see cref="TrustUser"/> the service answers loopback only.</value>
    public ICollection<ApiKey> ApiKeys { get; } = [];

    /// <summary>Gets or sets a value indicating whether the host authenticates callers itself, for example with JWT bearer tokens.</summary>
    /// <value>Default false. When true, an authenticated caller belongs to the tenant that <see cref="TenantClaim"/> names.</value>
    public bool TrustUser { get; set; }

    /// <summary>Gets or sets the claim that names a caller's tenant.</summary>
    /// <value>Default <c>tenant</c>.</value>
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>Gets or sets the tenant of callers on loopback when no authentication is set up.</summary>
    /// <value>Default <c>local</c>.</value>
    public string LocalTenant { get; set; } = "local";

    /// <summary>Gets or sets how long a link works.</summary>
    /// <value>1 s to 1 hour; default 5 minutes. A download that has begun goes on; a resumed one asks for a new link.</value>
    public TimeSpan LinkLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the largest upload.</summary>
    /// <value>Bytes, 1 or more; default 1 GiB.</value>
    public long MaxUploadBytes { get; set; } = 1L << 30;

    /// <summary>Gets or sets how many unfinished jobs a tenant may have.</summary>
    /// <value>1 or more; default 10,000. More are refused with 429.</value>
    public int MaxUnfinishedJobs { get; set; } = 10_000;

    /// <summary>Gets or sets how many requests a tenant may make in a minute; half of it may come at once.</summary>
    /// <value>2 or more; default 6,000. More are refused with 429.</value>
    public int RequestsPerMinute { get; set; } = 6_000;

    /// <summary>Gets or sets how many event streams a tenant may hold open.</summary>
    /// <value>1 or more; default 100. More are refused with 429.</value>
    public int MaxEventStreams { get; set; } = 100;

    /// <summary>Gets or sets how long the service goes on answering after readiness went off, so that a balancer has noticed when it stops.</summary>
    /// <value>0, the default, to 10 minutes. Behind a balancer: its detection plus deregistration.</value>
    public TimeSpan StopDelay { get; set; }

    /// <summary>Gets or sets the clock.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal bool IsAuthenticated => TrustUser || ApiKeys.Count > 0;

    internal IReadOnlyCollection<string> AcceptedKinds => Kinds ?? Bodies.Kinds;

    internal bool Settles(string kind) => SettledKinds?.Contains(kind) ?? Bodies.Find(kind)?.NeedsSettlement ?? false;

    internal void Check()
    {
        Require(LinkLife >= TimeSpan.FromSeconds(1) && LinkLife <= TimeSpan.FromHours(1), nameof(LinkLife), LinkLife, "1 s to 1 hour");
        Require(MaxUploadBytes >= 1, nameof(MaxUploadBytes), MaxUploadBytes, "1 or more");
        Require(MaxUnfinishedJobs >= 1, nameof(MaxUnfinishedJobs), MaxUnfinishedJobs, "1 or more");
        Require(RequestsPerMinute >= 2, nameof(RequestsPerMinute), RequestsPerMinute, "2 or more");
        Require(MaxEventStreams >= 1, nameof(MaxEventStreams), MaxEventStreams, "1 or more");
        Require(StopDelay >= TimeSpan.Zero && StopDelay <= TimeSpan.FromMinutes(10), nameof(StopDelay), StopDelay, "0 to 10 minutes");
        Require(JobLimits.IsName(LocalTenant), nameof(LocalTenant), LocalTenant, "a tenant's name");
    }

    private static void Require(bool holds, string name, object? value, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(JobServiceOptions)}.{name} was {value}. It must be {rule}.");
    }
}
