using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Lab;

/// <summary>Writes a lesson as one self-contained HTML page in which the learner is the scheduler. Thread-safe.</summary>
public static class LessonPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="run">The outcome of the lesson.</param>
    /// <returns>The text of an HTML file that needs nothing beside it: no network, no other file.</returns>
    public static string Write(LessonRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Lesson lesson = run.Lesson;
        JsonObject data = new()
        {
            ["id"] = lesson.Id,
            ["title"] = lesson.Title,
            ["problem"] = lesson.Problem,
            ["hint"] = lesson.Hint,
            ["fix"] = lesson.Fix,
            ["question"] = lesson.Prediction.Question,
            ["answers"] = Strings(lesson.Prediction.Answers),
            ["correct"] = lesson.Prediction.Correct,
            ["why"] = lesson.Prediction.Why,
            ["proof"] = run.ProofText,
            ["certificate"] = run.Broken.Counterexample?.Certificate.Text,
            ["cost"] = run.Broken.Counterexample is { } smallest ? smallest.SizeText : null,
            ["programs"] = new JsonArray(
                Program("broken", lesson.Broken, lesson.BrokenCode, run.Broken.Counterexample?.Trace),
                Program("repaired", lesson.Repaired, lesson.FixedCode, null)),
        };
        string json = data.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default });
        return Read("page.html")
            .Replace("/*STYLE*/", Read("page.css"), StringComparison.Ordinal)
            .Replace("/*SCRIPT*/", Read("page.js"), StringComparison.Ordinal)
            .Replace("/*DATA*/", json, StringComparison.Ordinal)
            .Replace("<!--TITLE-->", $"{lesson.Id} {System.Net.WebUtility.HtmlEncode(lesson.Title)}", StringComparison.Ordinal);
    }

    private static JsonObject Program(string name, ModelProgram program, string code, Trace? smallest)
    {
        IReadOnlyList<ProgramState> states = StateGraph.Build(program);
        Trace ordinary = new Explorer().Run(program, Schedule.Empty);
        return new JsonObject
        {
            ["name"] = name,
            ["code"] = code,
            ["participants"] = Strings(ordinary.Participants),
            ["resources"] = Strings(ordinary.Steps[0].State.Select(s => s.Key)),
            ["smallest"] = smallest is null ? null
                : new JsonArray([.. smallest.Steps.Select(s => (JsonNode)new JsonArray(s.Participant, s.IsCrash ? 1 : 0))]),
            ["nodes"] = new JsonArray([.. states.Select(State)]),
        };
    }

    // Short names: a table of five philosophers has thousands of states.
    private static JsonObject State(ProgramState state)
    {
        JsonObject json = new()
        {
            ["s"] = Strings(state.Values),
            ["p"] = new JsonArray([.. state.Pending.Select(p => (JsonNode?)p)]),
            ["m"] = new JsonArray([.. state.Moves.Select(m => (JsonNode)new JsonArray(m.Participant, m.IsCrash ? 1 : 0, m.Next, m.Text))]),
        };
        if (state.Waits.Count > 0)
            json["w"] = new JsonArray([.. state.Waits.Select(w => (JsonNode)new JsonArray(w.Waiter, w.Resource))]);
        if (state.Holds.Count > 0)
            json["h"] = new JsonArray(
                [.. state.Holds.Select(h => (JsonNode)new JsonArray(h.Key, new JsonArray([.. h.Value.Select(i => (JsonNode)i)])))]);
        if (state.IsEnd)
            json["e"] = 1;
        if (state.Failure is not null)
            json["f"] = state.Failure;
        return json;
    }

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static string Read(string name)
    {
        using Stream stream = typeof(LessonPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The part {name} of the lesson page is not embedded in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
