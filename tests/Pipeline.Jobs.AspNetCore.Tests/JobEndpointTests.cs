using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Jobs.AspNetCore.Tests;

public sealed class JobEndpointTests
{
    [Fact]
    public async Task Submit_Job_IsAcceptedAtOnceAndDone()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        using HttpResponseMessage response = await service.Client.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count","payload":{"n":1}}"""));
        JsonElement job = await ServiceUnderTest.BodyAsync(response);
        string id = job.GetProperty("id").GetString()!;
        JsonElement ended = await service.EndOfAsync(id);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal($"/jobs/{id}", response.Headers.Location!.OriginalString);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        Assert.Equal("queued", job.GetProperty("state").GetString());
        Assert.Equal(("done", 1), (ended.GetProperty("state").GetString(), ended.GetProperty("summary").GetProperty("lines").GetInt32()));
        Assert.Equal($"/jobs/{id}/result", ended.GetProperty("result").GetString());
    }

    [Fact]
    public async Task Submit_SameKey_GivesTheSame202_OtherPayloadIsRefused()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        using HttpResponseMessage first = await service.Client.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count"}""", "k1"));
        string? id = (await ServiceUnderTest.BodyAsync(first)).GetProperty("id").GetString();
        await service.EndOfAsync(id!);

        using HttpResponseMessage again = await service.Client.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count"}""", "\"k1\"")); // a structured-field string
        using HttpResponseMessage other = await service.Client.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count","payload":[1]}""", "k1"));

        Assert.Equal((HttpStatusCode.Accepted, first.Headers.Location), (again.StatusCode, again.Headers.Location));
        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType!.MediaType);
        Assert.Equal("urn:pipeline:jobs:key-reused", (await ServiceUnderTest.BodyAsync(other)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Get_SameETag_Is304()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string id = await service.SubmitAsync();
        await service.EndOfAsync(id);
        using HttpResponseMessage seen = await service.Client.GetAsync($"/jobs/{id}");

        using HttpRequestMessage request = new(HttpMethod.Get, $"/jobs/{id}");
        request.Headers.IfNoneMatch.Add(seen.Headers.ETag!);
        using HttpResponseMessage again = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Null(seen.Headers.RetryAfter);
    }

    [Fact]
    public async Task Cancel_RunningJob_EndsCanceled_AndRetryMakesANewOne()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string id = await service.SubmitAsync(payload: "\"wait\"");

        using HttpResponseMessage canceled = await service.Client.DeleteAsync($"/jobs/{id}");
        JsonElement ended = await service.EndOfAsync(id);
        service.Go.SetResult();
        using HttpResponseMessage retry = await service.Client.PostAsync($"/jobs/{id}/retry", null);
        using HttpResponseMessage twice = await service.Client.PostAsync($"/jobs/{id}/retry", null);
        JsonElement again = await ServiceUnderTest.BodyAsync(retry);

        Assert.Equal(HttpStatusCode.Accepted, canceled.StatusCode);
        Assert.Equal("canceled", ended.GetProperty("state").GetString());
        Assert.Equal(id, again.GetProperty("retryOf").GetString());
        Assert.Equal(retry.Headers.Location, twice.Headers.Location);
        Assert.Equal("done", (await service.EndOfAsync(again.GetProperty("id").GetString()!)).GetProperty("state").GetString());
        using HttpResponseMessage late = await service.Client.DeleteAsync(retry.Headers.Location);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task Result_Redirects_AndResumesAtTheByte()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string id = await service.SubmitAsync();
        await service.EndOfAsync(id);

        using HttpResponseMessage redirect = await service.Client.GetAsync($"/jobs/{id}/result");
        using HttpResponseMessage other = await service.Client.GetAsync($"/jobs/{id}/result");
        using HttpResponseMessage whole = await service.Client.GetAsync(redirect.Headers.Location);
        using HttpRequestMessage rest = new(HttpMethod.Get, other.Headers.Location);
        rest.Headers.Range = new RangeHeaderValue(6, null);
        rest.Headers.IfRange = new RangeConditionHeaderValue(whole.Headers.ETag!);
        using HttpResponseMessage partial = await service.Client.SendAsync(rest);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        Assert.True(redirect.Headers.CacheControl!.NoStore);
        Assert.NotEqual(redirect.Headers.Location, other.Headers.Location); // signed anew each time
        Assert.Equal("0123456789", await whole.Content.ReadAsStringAsync());
        Assert.Equal("report.txt", whole.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal((HttpStatusCode.PartialContent, "6789"), (partial.StatusCode, await partial.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Upload_ByLink_IsReadByAJob()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(options => options.Bodies.Add("read", async (context, cancellationToken) =>
        {
            using StreamReader reader = new(await context.OpenReadAsync(JsonSerializer.Deserialize<string>(context.Job.Payload)!, cancellationToken));
            return new JobResult(null, JsonSerializer.Serialize(await reader.ReadToEndAsync(cancellationToken)));
        }));
        using HttpResponseMessage created = await service.Client.PostAsync("/uploads", ServiceUnderTest.Json("""{"fileName":"사진 1.txt","contentType":"text/plain","bytes":5}"""));
        JsonElement upload = await ServiceUnderTest.BodyAsync(created);
        using StringContent content = new("hello", null, new MediaTypeHeaderValue("text/plain"));
        using HttpResponseMessage put = await service.Client.PutAsync(upload.GetProperty("url").GetString(), content);
        using HttpResponseMessage response = await service.Client.SendAsync(ServiceUnderTest.Post("/jobs", JsonSerializer.Serialize(new { kind = "read", payload = upload.GetProperty("artifact").GetString() }, JsonSerializerOptions.Web)));

        JsonElement ended = await service.EndOfAsync((await ServiceUnderTest.BodyAsync(response)).GetProperty("id").GetString()!);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.NoContent), (created.StatusCode, put.StatusCode));
        Assert.Equal(("done", "hello"), (ended.GetProperty("state").GetString(), ended.GetProperty("summary").GetString()));
    }

    [Fact]
    public async Task List_Pages_AndFilters()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string failed = await service.SubmitAsync(payload: "\"fail\"");
        await service.EndOfAsync(failed);
        for (int i = 0; i < 4; i++)
            await service.EndOfAsync(await service.SubmitAsync());

        JsonElement first = await ServiceUnderTest.BodyAsync(await service.Client.GetAsync("/jobs?limit=3"));
        JsonElement second = await ServiceUnderTest.BodyAsync(await service.Client.GetAsync($"/jobs?limit=3&after={first.GetProperty("next").GetString()}"));
        JsonElement dead = await ServiceUnderTest.BodyAsync(await service.Client.GetAsync("/jobs?state=failed"));

        Assert.Equal((3, 2), (first.GetProperty("jobs").GetArrayLength(), second.GetProperty("jobs").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        JsonElement one = Assert.Single(dead.GetProperty("jobs").EnumerateArray());
        Assert.Equal((failed, "body-failed"), (one.GetProperty("id").GetString(), one.GetProperty("problem").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task OpenApi_NamesTheOperations()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        JsonElement document = await ServiceUnderTest.BodyAsync(await service.Client.GetAsync("/openapi/v1.json"));

        JsonElement post = document.GetProperty("paths").GetProperty("/jobs").GetProperty("post");
        Assert.Equal("SubmitJob", post.GetProperty("operationId").GetString());
        Assert.True(post.GetProperty("responses").TryGetProperty("202", out _));
    }

    [Fact]
    public async Task Health_StoppingService_IsLiveButNotReady()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        using HttpResponseMessage before = await service.Client.GetAsync("/health/ready");
        service.Services.GetRequiredService<JobReadiness>().TurnOff();

        using HttpResponseMessage ready = await service.Client.GetAsync("/health/ready");
        using HttpResponseMessage live = await service.Client.GetAsync("/health/live");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (before.StatusCode, ready.StatusCode, live.StatusCode));
    }

    [Fact]
    public async Task StoreAway_Submission_Is503WithAdvice()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(options =>
        {
            options.Store = new SqliteJobStore(Path.Combine(options.DataFolder, "jobs.db"), new SqliteJobStoreOptions { BusyTimeout = TimeSpan.FromMilliseconds(50) });
            options.Worker = null;
        });
        using Microsoft.Data.Sqlite.SqliteConnection holder = new($"Data Source={Path.Combine(service.Folder, "jobs.db")};Pooling=False");
        await holder.OpenAsync();
        using Microsoft.Data.Sqlite.SqliteTransaction held = holder.BeginTransaction(deferred: false); // another program that holds the file

        using HttpResponseMessage response = await service.Client.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count"}""", "k1"));
        using HttpResponseMessage ready = await service.Client.GetAsync("/health/ready");
        await held.RollbackAsync();
        using HttpResponseMessage again = await service.Client.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count"}""", "k1"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode); // a shared part that is down does not take every instance out
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }
}
