using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline worker</c>: runs the jobs of a data folder, all that come or one.</summary>
internal static class WorkerCommand
{
    public static Command Create(CliEnvironment environment)
    {
        WorkerSettings settings = new();
        Option<bool> once = new("--once") { Description = "Run one job, then end: 0 done, 1 failed, 3 there was none. For schedulers that start a container per job." };
        Option<string?> job = new("--job") { Description = "With --once: this job and no other.", HelpName = "ID" };
        Option<int> wait = ValueOption.Whole("--wait", "SECONDS", 0, 3600, 0, "With --once: how long to wait for a job.");
        Option<bool> untilInputEnds = new("--until-input-ends") { Description = "Drain when standard input ends, as it does when the parent process dies.", Hidden = true };
        Option<string?> name = new("--name") { Description = "The worker's name, for people. [default: machine, process, random]", HelpName = "NAME" };
        Command command = new("worker", "Run the jobs of a data folder. SIGTERM drains: running jobs go on, and what does not end in time is given back.") { once, job, wait, name, untilInputEnds };
        settings.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            Guid? wanted = null;
            if (result.GetValue(job) is { } text)
            {
                if (!result.GetValue(once))
                    throw new UsageException("--job runs one job and ends, so it needs --once.");
                wanted = Guid.TryParse(text, out Guid id) ? id : throw new UsageException($"'{text}' is no job's ID. Give the 32 digits that 'pipeline jobs submit' printed.");
            }

            string data = settings.Data(result);
            CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(environment.Interrupts.DrainRequested);
            if (result.GetValue(untilInputEnds))
                _ = StopAtEndOfInputAsync(stop); // nothing ends this wait for a parent that lives; the process ends anyway
            BillingLedger? ledger = settings.Ledger(result) is { } folder ? SqliteBillingLedger.Open(folder) : null;
            SqliteJobStore store = new(Path.Combine(data, "jobs.db"));
            await using (store.ConfigureAwait(false))
            {
                JobWorkerOptions options = settings.Worker(result);
                options.Name = result.GetValue(name) ?? options.Name;
                JobBodies bodies = new JobBodies().Add(PhotoJobBody.Kind, new PhotoJobBody(Path.Combine(data, "scratch"), ledger));
                JobWorker worker = new(store, new StoreJobQueue(store), new FolderArtifactStore(Path.Combine(data, "artifacts")), bodies, options);
                int code = ExitCodes.AllDone;
                if (result.GetValue(once))
                {
                    JobEndingKind? ending = await worker.RunOnceAsync(wanted, TimeSpan.FromSeconds(result.GetValue(wait)), stop.Token).ConfigureAwait(false);
                    code = ending switch { null => ExitCodes.NothingUsable, JobEndingKind.Done or JobEndingKind.Canceled => ExitCodes.AllDone, JobEndingKind.Interrupted => ExitCodes.Interrupted, _ => ExitCodes.SomeFailed };
                }
                else
                {
                    await worker.RunAsync(stop.Token).ConfigureAwait(false);
                }

                if (ledger is not null)
                    await ledger.DisposeAsync().ConfigureAwait(false);
                return code;
            }
        });
        return command;
    }

    private static async Task StopAtEndOfInputAsync(CancellationTokenSource stop)
    {
        Stream input = Console.OpenStandardInput();
        byte[] buffer = new byte[16];
        while (await input.ReadAsync(buffer).ConfigureAwait(false) > 0)
        {
        }

        await stop.CancelAsync().ConfigureAwait(false);
    }
}
