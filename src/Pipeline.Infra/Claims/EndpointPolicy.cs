namespace Pipeline.Infra;

/// <summary>Reads the policy of a gateway endpoint: which buckets it leaves reachable.</summary>
internal static class EndpointPolicy
{
    /// <summary>Looks for a statement that allows more than the named buckets.</summary>
    /// <returns>The verdict when the claim does not hold or cannot be told; null when it holds.</returns>
    internal static Verdict? Check(NetworkModel model, FlowClaim claim, IReadOnlyList<string> buckets)
    {
        VpcEndpoint[] endpoints = [.. model.Endpoints.Where(endpoint => claim.To.Any(service => PathFinder.IsFor(endpoint, service)))];
        foreach (string bucket in buckets)
        {
            if (!model.Resources.Exists(resource => resource.Type == "AWS::S3::Bucket" && resource.LogicalId == bucket))
                throw new TemplateException(claim.At, $"there is no bucket '{bucket}' in the template.{Spelling.Suggest(bucket, model.Resources.Where(r => r.Type == "AWS::S3::Bucket").Select(r => r.LogicalId))}");
        }

        HashSet<string> allowed = [.. model.Resources.Where(r => r.Type == "AWS::S3::Bucket" && buckets.Contains(r.LogicalId)).SelectMany(Forms)];
        foreach (VpcEndpoint endpoint in endpoints)
        {
            Value policy = endpoint.Resource!.Get("PolicyDocument");
            if (policy is AbsentValue)
                return Verdict(claim, Answer.Refuted, $"endpoint {endpoint.Name} has no policy, and the default one allows every bucket of every account.", endpoint.At);
            foreach (Value statement in Facts.Items(Facts.Entry(policy, "Statement")))
            {
                if (Facts.Text(Facts.Entry(statement, "Effect")) == "Deny")
                    continue; // Takes away only.
                Location at = Facts.Place(statement, endpoint.At);
                if (Facts.Entry(statement, "NotResource") is not AbsentValue || Facts.Entry(statement, "Resource") is AbsentValue)
                    return Unknown(claim, endpoint, at, "a statement names what it does not apply to; that is not modeled.");
                foreach (Value resource in Facts.Items(Facts.Entry(statement, "Resource")))
                {
                    if (resource is UnknownValue)
                        return Unknown(claim, endpoint, at, $"the resource '{resource.Key}' is not known.");
                    if (!allowed.Contains(resource.Key))
                        return Verdict(claim, Answer.Refuted, $"the policy of endpoint {endpoint.Name} allows '{resource.Key}', which is none of the claimed buckets.", at);
                }
            }
        }

        return null;
    }

    private static IEnumerable<string> Forms(ResourceEntry bucket)
    {
        string[] names = bucket.Get("BucketName") is TextValue text ? [$"${{{bucket.Name}}}", text.Content] : [$"${{{bucket.Name}}}"];
        yield return $"${{{bucket.Name}.Arn}}";
        yield return $"${{{bucket.Name}.Arn}}/*";
        foreach (string name in names)
        {
            yield return $"arn:aws:s3:::{name}";
            yield return $"arn:aws:s3:::{name}/*";
        }
    }

    private static Verdict Verdict(FlowClaim claim, Answer answer, string text, Location at) =>
        new() { Claim = claim.Sentence, At = claim.At, Answer = answer, Summary = text, Steps = [new VerdictStep("ENDPOINT_POLICY", false, text, at)] };

    private static Verdict Unknown(FlowClaim claim, VpcEndpoint endpoint, Location at, string reason) =>
        new() { Claim = claim.Sentence, At = claim.At, Answer = Answer.CannotTell, Summary = $"the policy of endpoint {endpoint.Name} is not decided.", Gaps = [new Gap(endpoint.Name, "PolicyDocument", at, reason, "List the buckets under Resource.")] };
}
