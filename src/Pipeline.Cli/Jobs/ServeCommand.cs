using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pipeline.Cli;

/// <summary><c>pipeline serve</c>: the complete job service on one machine: HTTP, page, and worker processes that may die.</summary>
internal static class ServeCommand
{
    public static Command Create(CliEnvironment environment)
    {
        WorkerSettings settings = new();
        Option<string> urls = new("--urls") { Description = "Addresses to listen on, separated by semicolons. Anything but this machine's own needs --api-keys.", HelpName = "URLS", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        Option<int> workers = ValueOption.Whole("--workers", "N", 0, 256, 1, "Worker processes to keep running; 0 when others do the jobs.");
        Option<string?> keys = new("--api-keys") { Description = "File with one line per key: TENANT SHA256. Make a key with 'pipeline jobs key TENANT'.", HelpName = "FILE" };
        Command command = new("serve", "Accept photo jobs over HTTP and do them in worker processes.") { urls, workers, keys };
        settings.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(result.GetRequiredValue(urls));
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxConcurrentConnections = 2_000;
                kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            });
            builder.Services.AddPipelineJobs(options =>
            {
                options.DataFolder = settings.Data(result);
                options.Kinds = [PhotoJobBody.Kind];
                options.SettledKinds = settings.Ledger(result) is null ? [] : [PhotoJobBody.Kind];
                options.Worker = null;
                if (result.GetValue(keys) is { } file)
                    ReadKeys(file, options);
            });
            WebApplication app = builder.Build();
            await using (app.ConfigureAwait(false))
            {
                app.MapPipelineJobs();
                try
                {
                    await app.StartAsync(environment.Interrupts.AbortRequested).ConfigureAwait(false);
                }
                catch (InvalidOperationException e)
                {
                    throw new UsageException(e.Message);
                }

                await environment.Error.WriteLineAsync($"pipeline: serving {string.Join(" ", app.Urls)} with {result.GetValue(workers)} worker processes; data in {settings.Data(result)}. Ctrl+C drains.").ConfigureAwait(false);
                WorkerProcesses processes = new(app.Services.GetRequiredService<IJobStore>(), settings.Arguments(result), result.GetValue(workers), environment);
                Task work = processes.RunAsync(environment.Interrupts.DrainRequested);
                await Task.Delay(Timeout.Infinite, environment.Interrupts.DrainRequested).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                app.Services.GetRequiredService<JobReadiness>().TurnOff();
                await environment.Error.WriteLineAsync("pipeline: draining; jobs under way go on until they end or the time is over.").ConfigureAwait(false);
                await work.WaitAsync(environment.Interrupts.AbortRequested).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
            }

            return ExitCodes.AllDone;
        });
        return command;
    }

    private static void ReadKeys(string file, JobServiceOptions options)
    {
        foreach (string line in File.ReadLines(file))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
                continue;
            try
            {
                options.ApiKeys.Add(parts.Length == 2 ? new ApiKey(parts[0], parts[1]) : throw new ArgumentException("A line must be TENANT SHA256."));
            }
            catch (ArgumentException e)
            {
                throw new UsageException($"'{file}' has a line that is no key: {e.Message}");
            }
        }

        if (options.ApiKeys.Count == 0)
            throw new UsageException($"'{file}' holds no key. Make one with 'pipeline jobs key TENANT'.");
    }
}
