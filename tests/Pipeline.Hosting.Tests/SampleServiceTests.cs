using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Pipeline.Core.Tests;

namespace Pipeline.Hosting.Tests;

/// <summary>The sample service under load, as a process that is really terminated.</summary>
public sealed partial class SampleServiceTests
{
    private const int Clients = 16;

    [Fact]
    public async Task Load_SixteenClients_EveryOrderIsAnsweredOnce()
    {
        await using SampleProcess service = await SampleProcess.StartAsync("--Orders:Run:MaxItemsInFlight=32");
        Task<List<(string Id, string? Digest, string? Error)>> results = service.ReadResultsAsync(stopAfter: 2000);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (int i = 0; i < 2000 / Clients; i++)
                Assert.True(await service.OrderAsync($"{client}/{i}", rounds: i % 25 == 24 ? 0 : 50));
        })).OrHang();
        List<(string Id, string? Digest, string? Error)> all = await results.OrHang();
        Assert.Equal(2000, all.Select(static result => result.Id).Distinct().Count());
        Assert.Equal(80, all.Count(static result => result.Error is not null && result.Error.Contains("Rounds must be 1 to")));
        Assert.Equal(1920, all.Count(static result => result.Digest is { Length: 64 }));
    }

    [Fact]
    public async Task Sigterm_UnderLoad_ReadinessGoesOffFirstAndAcceptedOrdersAreFinished()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "SIGTERM is a signal of Unix.");
        await using SampleProcess service = await SampleProcess.StartAsync(
            "--Orders:ReadinessDelay=00:00:02", "--Orders:Run:MaxItemsInFlight=64");
        Task<string> notReady = service.WhenWritten("is not ready any more");
        Task<string> draining = service.WhenWritten("takes no more items");
        Task<string> ended = service.WhenWritten("has ended");
        Task<List<(string Id, string? Digest, string? Error)>> results = service.ReadResultsAsync();
        Load load = new(service);
        await load.WhenAccepted(200).OrHang();
        Assert.Equal(HttpStatusCode.OK, await service.StatusOfAsync("/ready"));

        service.Terminate();
        await notReady.OrHang();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await service.StatusOfAsync("/ready"));
        Assert.Equal(HttpStatusCode.OK, await service.StatusOfAsync("/live"));
        Assert.True(await service.OrderAsync("late", rounds: 1), "Between readiness and the end of input orders are still taken.");
        Assert.False(draining.IsCompleted);

        List<string> accepted = [.. await load.Refused.OrHang(), "late"];
        List<string> answered = [.. (await results.OrHang()).Select(static result => result.Id)];
        Assert.Equal(0, await service.ExitAsync());
        Assert.Empty(accepted.Except(answered));
        Assert.Equal(answered.Count, answered.Distinct().Count());
        (long taken, long finished, long unfinished) = Counts(await ended.OrHang());
        Assert.Equal((answered.Count, 0L), (finished, unfinished));
        Assert.Equal(taken, finished);
        Assert.True(
            service.Output.IndexOf("is not ready any more", StringComparison.Ordinal) < service.Output.IndexOf(
                "takes no more items", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fault_UnderLoad_EndsTheProcessWithAFailingCodeAndAccountsForEveryOrder()
    {
        await using SampleProcess service = await SampleProcess.StartAsync("--Orders:MaxFailures=0");
        Task<string> fault = service.WhenWritten("was ended by a fault");
        Task<string> ended = service.WhenWritten("has ended");
        Load load = new(service);
        await load.WhenAccepted(100).OrHang();
        Assert.True(await service.OrderAsync("bad", rounds: -1));
        List<string> accepted = await load.Refused.OrHang();
        Assert.Equal(1, await service.ExitAsync());
        await fault.OrHang();
        (long taken, long finished, long unfinished) = Counts(await ended.OrHang());
        Assert.Equal(taken, finished + 1 + unfinished);
        Assert.True(taken >= accepted.Count + 1, $"{taken} taken, {accepted.Count} accepted");
    }

    private static (long Taken, long Finished, long Unfinished) Counts(string line)
    {
        long[] numbers = [.. Number().Matches(line).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1], numbers[^1]);
    }

    [GeneratedRegex(@"(\d+) (?:items taken|finished|failed|skipped|unfinished)")]
    private static partial Regex Number();

    /// <summary>Clients that send orders until they are refused.</summary>
    private sealed class Load
    {
        private readonly ConcurrentQueue<string> _accepted = [];
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _marks = [];

        internal Load(SampleProcess service) => Refused = SendAsync(service);

        /// <summary>Gets the end of the load: the orders that were accepted.</summary>
        internal Task<List<string>> Refused { get; }

        internal Task WhenAccepted(int count)
        {
            TaskCompletionSource mark = _marks.GetOrAdd(
                count, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            Check();
            return mark.Task;
        }

        private async Task<List<string>> SendAsync(SampleProcess service)
        {
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
            {
                for (int i = 0; await service.OrderAsync($"{client}/{i}", rounds: 2000); i++)
                {
                    _accepted.Enqueue($"{client}/{i}");
                    Check();
                }
            }));
            return [.. _accepted];
        }

        private void Check()
        {
            foreach ((int count, TaskCompletionSource mark) in _marks)
            {
                if (_accepted.Count >= count)
                    mark.TrySetResult();
            }
        }
    }
}
