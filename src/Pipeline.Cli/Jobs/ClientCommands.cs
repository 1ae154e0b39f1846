using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Cli;

/// <summary><c>pipeline jobs ...</c>: what a user of a job service does.</summary>
internal static class ClientCommands
{
    public static Command Create(CliEnvironment environment) => new("jobs", "Submit jobs to a job service, look at them, cancel and retry them.")
    {
        SubmitCommand.Create(environment),
        One(environment, "status", "Print a job.", async (client, id, cancellationToken) => await client.GetAsync($"jobs/{id}", cancellationToken).ConfigureAwait(false)),
        Watch(environment),
        One(environment, "cancel", "Ask for the end of a job.", async (client, id, cancellationToken) => await client.DeleteAsync($"jobs/{id}", cancellationToken).ConfigureAwait(false)),
        One(environment, "retry", "Submit a failed or canceled job again; it goes on from the last checkpoint.", async (client, id, cancellationToken) => await client.PostAsync($"jobs/{id}/retry", null, null, cancellationToken).ConfigureAwait(false)),
        Dead(environment),
        Key(environment),
    };

    public static Option<string> Server() => new("--server") { Description = "Address of the job service.", HelpName = "URL", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PIPELINE_SERVER") ?? "http://127.0.0.1:5080" };

    /// <summary>Connects. The key comes from the environment, not from the command line, which other users of the machine can read.</summary>
    public static JobClient Connect(string server, CliEnvironment environment) => new(server, Environment.GetEnvironmentVariable("PIPELINE_API_KEY"), environment);

    /// <summary>Prints progress until the job ends, and gives the ended job.</summary>
    public static async Task<JsonObject> FollowAsync(JobClient client, string id, CliEnvironment environment, CancellationToken cancellationToken)
    {
        string last = string.Empty;
        while (true)
        {
            JsonObject job = await client.GetAsync($"jobs/{id}", cancellationToken).ConfigureAwait(false);
            string line = Line(job);
            if (line != last)
                await environment.Error.WriteLineAsync(line).ConfigureAwait(false);
            last = line;
            if ((string?)job["state"] is "done" or "failed" or "canceled")
                return job;
            await Task.Delay(TimeSpan.FromMilliseconds(500), environment.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    public static int CodeOf(JsonObject job) => (string?)job["state"] switch
    {
        "failed" => ExitCodes.Stopped,
        "canceled" => ExitCodes.Interrupted,
        _ => job["summary"]?["failures"] is JsonArray { Count: > 0 } ? ExitCodes.SomeFailed : ExitCodes.AllDone,
    };

    public static string Line(JsonObject job)
    {
        JsonNode? progress = job["progress"];
        string where = progress is null ? string.Empty : $" {progress["done"]}{(progress["total"] is { } total ? $" of {total}" : string.Empty)} {progress["text"]}";
        string problem = job["problem"] is { } reason && (string?)job["state"] != "done" ? $" - {reason["title"]} {reason["detail"]}" : string.Empty;
        return $"{job["id"]} {job["state"]}{where}{problem}".TrimEnd();
    }

    private static Command One(CliEnvironment environment, string name, string description, Func<JobClient, string, CancellationToken, Task<JsonObject>> run)
    {
        Argument<string> id = new("ID") { Description = "The job." };
        Option<string> server = Server();
        Command command = new(name, description) { id, server };
        command.SetAction(async (result, _) =>
        {
            using JobClient client = Connect(result.GetRequiredValue(server), environment);
            JsonObject job = await run(client, Checked(result.GetRequiredValue(id)), environment.Interrupts.DrainRequested).ConfigureAwait(false);
            await environment.Out.WriteLineAsync(name == "status" ? job.ToJsonString(new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerOptions.Web) { WriteIndented = true }) : Line(job)).ConfigureAwait(false);
            return ExitCodes.AllDone;
        });
        return command;
    }

    private static Command Watch(CliEnvironment environment)
    {
        Argument<string> id = new("ID") { Description = "The job." };
        Option<string> server = Server();
        Command command = new("watch", "Print the progress of a job until it ends. Exit code 0 done, 1 some photos failed, 4 failed, 130 canceled.") { id, server };
        command.SetAction(async (result, _) =>
        {
            using JobClient client = Connect(result.GetRequiredValue(server), environment);
            return CodeOf(await FollowAsync(client, Checked(result.GetRequiredValue(id)), environment, environment.Interrupts.DrainRequested).ConfigureAwait(false));
        });
        return command;
    }

    private static Command Dead(CliEnvironment environment)
    {
        Option<string> server = Server();
        Command command = new("dead", "List failed jobs with their reasons, newest first.") { server };
        command.SetAction(async (result, _) =>
        {
            using JobClient client = Connect(result.GetRequiredValue(server), environment);
            string? after = null;
            do
            {
                JsonObject page = await client.GetAsync($"jobs?state=failed&limit=100{(after is null ? string.Empty : $"&after={after}")}", environment.Interrupts.DrainRequested).ConfigureAwait(false);
                foreach (JsonNode? job in page["jobs"]!.AsArray())
                    await environment.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Line(job!.AsObject())} (deaths {job["deaths"]}, errors {job["errors"]})")).ConfigureAwait(false);
                after = (string?)page["next"];
            }
            while (after is not null);
            return ExitCodes.AllDone;
        });
        return command;
    }

    private static Command Key(CliEnvironment environment)
    {
        Argument<string> tenant = new("TENANT") { Description = "Whose key: 1 to 64 characters of a-z, 0-9, '-', '_', '.'." };
        Command command = new("key", "Make an API key. Its line for the file of 'serve --api-keys' goes to standard output, the key itself to standard error, once.") { tenant };
        command.SetAction(async (result, _) =>
        {
            ApiKey made;
            string key;
            try
            {
                made = ApiKey.Create(result.GetRequiredValue(tenant), out key);
            }
            catch (ArgumentException e)
            {
                throw new UsageException(e.Message);
            }

            await environment.Out.WriteLineAsync($"{made.Tenant} {made.Hash}").ConfigureAwait(false);
            await environment.Error.WriteLineAsync(key).ConfigureAwait(false);
            return ExitCodes.AllDone;
        });
        return command;
    }

    private static string Checked(string id) => Guid.TryParse(id, out Guid parsed) ? parsed.ToString("N") : throw new UsageException($"'{id}' is no job's ID. Give the 32 digits that 'pipeline jobs submit' printed.");
}
