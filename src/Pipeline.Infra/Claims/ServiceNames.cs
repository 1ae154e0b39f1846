namespace Pipeline.Infra;

/// <summary>The services that claims can name, with the endpoints that each needs.</summary>
internal static class ServiceNames
{
    internal static readonly IReadOnlyList<string> Known =
    [
        "s3", "dynamodb", "ssm", "sqs", "sns", "logs", "monitoring", "ecr", "secretsmanager", "kms", "sts", "ecs", "ec2", "lambda", "events", "execute-api", "elasticloadbalancing", "autoscaling",
    ];

    /// <summary>Gets the names of endpoints that a client of the service talks to.</summary>
    internal static IReadOnlyList<string> EndpointsOf(string service) => service switch
    {
        // The agent needs its message channel as well; ec2messages is only its fall-back.
        "ssm" => ["ssm", "ssmmessages"],
        "ecr" => ["ecr.api", "ecr.dkr"],
        _ => [service],
    };
}
