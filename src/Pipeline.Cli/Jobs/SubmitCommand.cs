using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Pipeline.Cli;

/// <summary><c>pipeline jobs submit</c>: uploads photos, submits one job, and with --wait behaves like process.</summary>
internal static class SubmitCommand
{
    public static Command Create(CliEnvironment environment)
    {
        Argument<string[]> inputs = new("INPUT") { Description = "Photos: files, folders (with all their folders), or patterns.", Arity = ArgumentArity.OneOrMore };
        Option<string> server = ClientCommands.Server();
        Option<bool> wait = new("--wait") { Description = "Wait for the end and show progress." };
        Option<string?> outFolder = new("--out") { Description = "With --wait: folder for the outputs; made when missing.", HelpName = "DIR" };
        Option<int[]?> sizes = ValueOption.Parsed<int[]>("--sizes", "LIST", "Widths in pixels; 4k, 1080p and thumb are 3840, 1920 and 256. [default: 3840,1920,256]", (string text, out int[]? widths) =>
            WidthList.TryParse(text, out widths, out string wrong) ? null : $"'{wrong}' is no width.");
        Option<double> blur = ValueOption.Number("--blur", "SIGMA", 0.1, 50, null, "Blur with a Gaussian of this sigma. [default: off]");
        Option<double> sharpen = ValueOption.Number("--sharpen", "AMOUNT", 0.01, 10, null, "Sharpen with an unsharp mask of this amount. [default: off]");
        Option<string> format = ValueOption.Choice("--format", "FORMAT", ["jpeg", "png", "webp", "avif", "tiff"], "Format of the outputs.");
        Option<int> quality = ValueOption.Whole("--quality", "N", 1, 100, 85, "Quality of jpeg, webp and avif.");
        Option<bool> keepMetadata = new("--keep-metadata") { Description = "Keep EXIF data." };
        Option<bool> enlarge = new("--enlarge") { Description = "Enlarge photos that are narrower than a width." };
        Command command = new("submit", "Upload photos and submit them as one job. Prints the job's ID.") { inputs, server, wait, outFolder, sizes, blur, sharpen, format, quality, keepMetadata, enlarge };
        command.Validators.Add(result =>
        {
            if (result.GetResult(outFolder) is not null && result.GetResult(wait) is null)
                result.AddError("--out says where results go, so it needs --wait.");
        });
        command.SetAction(async (result, _) =>
        {
            CancellationToken stop = environment.Interrupts.DrainRequested;
            InputSet found = InputDiscovery.Find(result.GetRequiredValue(inputs), result.GetValue(outFolder) ?? Path.Combine(Path.GetTempPath(), "pipeline-none"), path => PhotoProbe.Read(path).Kind != PhotoKind.None, stop);
            foreach (InputProblem problem in found.Problems)
                await environment.Error.WriteLineAsync($"pipeline: {problem.Path}: {problem.Reason}").ConfigureAwait(false);
            OutputPlan plan = OutputPlan.For(found.Photos);
            if (plan.Photos.Count == 0)
            {
                await environment.Error.WriteLineAsync("pipeline: there is no photo among the inputs.").ConfigureAwait(false);
                return ExitCodes.NothingUsable;
            }

            using JobClient client = ClientCommands.Connect(result.GetRequiredValue(server), environment);
            JsonArray photos = [];
            foreach (PlannedPhoto photo in plan.Photos)
                photos.Add(new JsonObject { ["artifact"] = await client.UploadAsync(photo.Photo.Path, stop).ConfigureAwait(false), ["name"] = photo.OutputName });
            JsonObject payload = new()
            {
                ["inputs"] = photos,
                ["sizes"] = new JsonArray([.. (result.GetValue(sizes) ?? [3840, 1920, 256]).Select(width => (JsonNode)width)]),
                ["blur"] = result.GetValue(blur),
                ["sharpen"] = result.GetValue(sharpen),
                ["format"] = result.GetRequiredValue(format),
                ["quality"] = result.GetValue(quality),
                ["keepMetadata"] = result.GetValue(keepMetadata),
                ["enlarge"] = result.GetValue(enlarge),
            };
            // A key of its own: an answer that is lost on the way makes no second job.
            JsonObject job = await client.PostAsync("jobs", new JsonObject { ["kind"] = PhotoJobBody.Kind, ["payload"] = payload }, Guid.NewGuid().ToString("N"), stop).ConfigureAwait(false);
            string id = (string)job["id"]!;
            await environment.Out.WriteLineAsync(id).ConfigureAwait(false);
            return result.GetValue(wait) ? await WaitAsync(client, id, result.GetValue(outFolder), environment, stop).ConfigureAwait(false) : ExitCodes.AllDone;
        });
        return command;
    }

    private static async Task<int> WaitAsync(JobClient client, string id, string? folder, CliEnvironment environment, CancellationToken stop)
    {
        JsonObject job;
        try
        {
            job = await ClientCommands.FollowAsync(client, id, environment, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await environment.Error.WriteLineAsync($"pipeline: no longer waiting; the job goes on. Look again with: pipeline jobs watch {id}").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }

        if (job["summary"]?["failures"] is JsonArray failures)
        {
            foreach (JsonNode? failure in failures)
                await environment.Error.WriteLineAsync($"failed: {failure}").ConfigureAwait(false);
        }

        if (folder is not null && job["result"] is not null)
        {
            Directory.CreateDirectory(folder);
            string zip = Path.Combine(folder, $".{id}.zip");
            await client.DownloadAsync(id, zip, stop).ConfigureAwait(false);
            await ZipFile.ExtractToDirectoryAsync(zip, folder, overwriteFiles: true, stop).ConfigureAwait(false);
            File.Delete(zip);
        }

        return ClientCommands.CodeOf(job);
    }
}
