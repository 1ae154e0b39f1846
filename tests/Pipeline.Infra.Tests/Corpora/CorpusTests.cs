using System.Diagnostics;

namespace Pipeline.Infra.Tests;

/// <summary>Public templates: no crash, no silent assumption, and an answer within a second. Skips without the corpora.</summary>
public sealed class CorpusTests
{
    [Fact]
    public void Check_EveryTemplate_AnswersOrSaysWhatIsMissing()
    {
        Assert.SkipWhen(Corpus.Folder is null, "The corpora are not here; tests/Pipeline.Infra.Tests/Corpora/fetch.sh brings them.");
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        List<string> slow = new();
        ClaimSet claims = new ClaimSet().Never("internet", "any", "tcp/22");
        foreach (string path in Corpus.Templates())
        {
            Stopwatch watch = Stopwatch.StartNew();
            string outcome = Decide(claims, path);
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
            if (watch.Elapsed > TimeSpan.FromSeconds(1))
                slow.Add($"{path}: {watch.ElapsedMilliseconds} ms");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value}"))}; over 1 s: {string.Join("; ", slow)}");
        Assert.True(counts.Values.Sum() >= 300);
        Assert.True(counts.GetValueOrDefault("no template") <= counts.Values.Sum() / 20, "too many files are refused as no template");
    }

    [Fact]
    public void Check_WithWhatIsMissing_IsDecided()
    {
        Assert.SkipWhen(Corpus.Folder is null, "The corpora are not here; tests/Pipeline.Infra.Tests/Corpora/fetch.sh brings them.");
        int alone = 0;
        int aloneDecided = 0;
        int fragments = 0;
        int fragmentsDecided = 0;
        List<string> open = new();
        ClaimSet claims = new ClaimSet().Never("internet", "any", "tcp/22");
        string[] repositories = ["aws-cloudformation+aws-cloudformation-templates", "widdix+aws-cf-templates", "aws-quickstart+quickstart-aws-vpc", "aws-samples+ecs-refarch-cloudformation"];
        foreach (string path in repositories.SelectMany(repository => Corpus.Templates(repository)))
        {
            using GeneratedInputs inputs = new();
            Verdict verdict;
            InfraTemplate template;
            try
            {
                (template, verdict) = inputs.Decide(path, claims);
            }
            catch (TemplateException e)
            {
                open.Add($"{path}: {e.Message}");
                continue;
            }

            bool isDecided = verdict.Answer != Answer.CannotTell;
            bool isAlone = template.Scopes[0].Resources.Values.Any(resource => resource.Type == "AWS::EC2::VPC");
            if (isAlone)
                (alone, aloneDecided) = (alone + 1, aloneDecided + (isDecided ? 1 : 0));
            else
                (fragments, fragmentsDecided) = (fragments + 1, fragmentsDecided + (isDecided ? 1 : 0));
            if (!isDecided)
                open.Add($"{path}: {verdict.Gaps[0]}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"with a network of their own: {aloneDecided} of {alone} decided; fragments: {fragmentsDecided} of {fragments}\n{string.Join('\n', open)}");
        Assert.True(alone > 30 && fragments > 100);
    }

    private static string Decide(ClaimSet claims, string path)
    {
        InfraTemplate template;
        try
        {
            template = InfraTemplate.Load([path]);
        }
        catch (TemplateException e)
        {
            Assert.True(e.At.Line > 0 && e.Message.Length > 30, $"{path}: {e.Message}");
            return "no template";
        }

        Verdict verdict = claims.Check(template).Verdicts[0];
        if (verdict.Answer == Answer.CannotTell)
        {
            Assert.NotEmpty(verdict.Gaps);
            Assert.All(verdict.Gaps, gap => Assert.True(gap.At.Line > 0 && gap.Give.Length > 0 && gap.Reason.Length > 0, $"{path}: {gap}"));
        }

        return verdict.Answer.ToString();
    }
}
