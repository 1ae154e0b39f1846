namespace Pipeline.Infra;

/// <summary>Finds what makes a loss worse: no backup, no protection, the wrong health check, secrets in start-up scripts.</summary>
internal static class ResilienceFindings
{
    internal static IEnumerable<Finding> Find(NetworkModel model)
    {
        foreach (ResourceEntry resource in model.Resources)
        {
            switch (resource.Type)
            {
                case "AWS::RDS::DBInstance":
                    if (Facts.Int(resource.Get("BackupRetentionPeriod")) is 0)
                        yield return new Finding("NO_BACKUP", resource.PlaceOf("BackupRetentionPeriod"), $"{resource.Name} keeps no backups (BackupRetentionPeriod is 0).");
                    else if (resource.Get("BackupRetentionPeriod") is AbsentValue)
                        yield return new Finding("BACKUP_BY_DEFAULT", resource.At, $"{resource.Name} keeps backups for one day, since BackupRetentionPeriod is not written.");
                    if (KeepsNothing(resource))
                        yield return NoDeletionPolicy(resource);
                    break;
                case "AWS::S3::Bucket" or "AWS::EFS::FileSystem" or "AWS::DynamoDB::Table" or "AWS::RDS::DBCluster" or "AWS::ElastiCache::ReplicationGroup" when KeepsNothing(resource) && resource.Type != "AWS::ElastiCache::ReplicationGroup":
                    yield return NoDeletionPolicy(resource);
                    break;
                case "AWS::AutoScaling::AutoScalingGroup":
                    foreach (Finding finding in OfScalingGroup(resource))
                        yield return finding;
                    break;
                case "AWS::ElasticLoadBalancingV2::TargetGroup":
                    if (resource.Get("HealthCheckPath") is AbsentValue && Facts.Text(resource.Get("Protocol")) is "HTTP" or "HTTPS")
                        yield return new Finding("HEALTH_CHECK_PATH_DEFAULT", resource.At, $"{resource.Name} asks '/' for its health, which a sick application may still answer. Write HealthCheckPath.");
                    break;
                default:
                    break;
            }

            foreach (Finding finding in Secrets(resource))
                yield return finding;
        }

        foreach (LoadBalancer balancer in model.LoadBalancers)
        {
            foreach (Listener listener in balancer.Listeners)
            {
                if (listener.Targets.Count == 0 && !listener.AnswersItself)
                    yield return new Finding("ELBV2_LISTENER_HAS_NO_TG", listener.At, $"listener {listener.Name} of {balancer.Name} forwards to no target group.");
                foreach (TargetGroup group in listener.Targets.Where(group => group.Targets.Count == 0 && group.Gap is null))
                    yield return new Finding("TARGET_GROUP_WITHOUT_TARGETS", group.Resource.At, $"target group {group.Name} has no targets in the template.");
            }
        }
    }

    private static IEnumerable<Finding> OfScalingGroup(ResourceEntry resource)
    {
        if (Facts.Int(resource.Get("MinSize")) is 0 or 1)
            yield return new Finding("MINIMUM_OF_ONE", resource.PlaceOf("MinSize"), $"{resource.Name} may shrink to {resource.Get("MinSize").Key} (MinSize).");
        bool isBalanced = resource.Get("TargetGroupARNs") is not AbsentValue || resource.Get("LoadBalancerNames") is not AbsentValue;
        if (isBalanced && Facts.Text(resource.Get("HealthCheckType")) is null or "EC2")
            yield return new Finding("HEALTH_CHECK_TYPE_EC2", resource.PlaceOf("HealthCheckType"), $"{resource.Name} is behind a load balancer but replaces machines only when the machine itself fails, not when the application does. Write HealthCheckType: ELB.");
    }

    private static bool KeepsNothing(ResourceEntry resource) => resource.Node["DeletionPolicy"] is not ScalarNode { Text: "Retain" or "Snapshot" or "RetainExceptOnCreate" };

    private static Finding NoDeletionPolicy(ResourceEntry resource) =>
        new("NO_DELETION_POLICY", resource.At, $"{resource.Name} and its data go when the stack is deleted or the resource is replaced. Write DeletionPolicy: Snapshot or Retain.");

    private static IEnumerable<Finding> Secrets(ResourceEntry resource)
    {
        foreach (string property in (string[])["MasterUserPassword", "AuthToken"])
        {
            if (resource.Properties?[property] is ScalarNode { IsNull: false } literal && !literal.Text.StartsWith("{{resolve:", StringComparison.Ordinal))
                yield return new Finding("SECRET_IN_TEMPLATE", literal.At, $"{resource.Name} has its password in the template. Use ManageMasterUserPassword or a dynamic reference.");
        }

        DocumentNode? userData = resource.Properties?["UserData"] ?? (resource.Properties?["LaunchTemplateData"] as MapNode)?["UserData"];
        if (userData is not null && FindSecret(userData) is { } at)
            yield return new Finding("SECRET_IN_USER_DATA", at, $"the start-up script of {resource.Name} sets a password, key or token in plain text. Read it from the secrets store at start.");
    }

    private static Location? FindSecret(DocumentNode node)
    {
        switch (node)
        {
            case ScalarNode scalar:
                string[] lines = scalar.Text.Split('\n');
                int index = Array.FindIndex(lines, IsSecret);
                return index < 0 ? null : scalar.At with { Line = scalar.At.Line + index + (lines.Length > 1 ? 1 : 0) };
            case ListNode list:
                return list.Items.Select(FindSecret).FirstOrDefault(found => found is not null);
            case MapNode map:
                return map.Entries.Select(entry => FindSecret(entry.Value)).FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    private static bool IsSecret(string line)
    {
        string[] words = ["PASSWORD=", "SECRET=", "SECRET_KEY=", "TOKEN=", "AWS_SECRET_ACCESS_KEY=", "PGPASSWORD="];
        foreach (string word in words)
        {
            int at = line.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                continue;
            string value = line[(at + word.Length)..].Trim(' ', '"', '\'');
            // A value that is read at start, by a command or a variable, is no secret in the text.
            if (value.Length > 0 && !value.StartsWith('$') && !value.StartsWith('`'))
                return true;
        }

        return false;
    }
}
