using System.Net;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Jobs.AspNetCore.Tests;

/// <summary>Requests that must be refused, with what they are refused with, and that nothing of them stays.</summary>
public sealed class AccessTests
{
    private static readonly (string Name, HttpStatusCode Expected, Func<Attack, Task<HttpResponseMessage>> Send)[] s_attacks =
    [
        ("no key", HttpStatusCode.Unauthorized, a => a.Nobody.GetAsync("/jobs")),
        ("no key, submit", HttpStatusCode.Unauthorized, a => a.Nobody.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count"}"""))),
        ("no key, upload", HttpStatusCode.Unauthorized, a => a.Nobody.SendAsync(ServiceUnderTest.Post("/uploads", """{"fileName":"a","bytes":1}"""))),
        ("no key, cancel", HttpStatusCode.Unauthorized, a => a.Nobody.DeleteAsync($"/jobs/{a.Job}")),
        ("no key, events", HttpStatusCode.Unauthorized, a => a.Nobody.GetAsync($"/jobs/{a.Job}/events")),
        ("wrong key", HttpStatusCode.Unauthorized, a => a.Service.NewClient("pk_" + new string('0', 64)).GetAsync("/jobs")),
        ("the hash as the key", HttpStatusCode.Unauthorized, a => a.Service.NewClient(a.VictimHash).GetAsync("/jobs")),
        ("endless key", HttpStatusCode.Unauthorized, a => a.Service.NewClient(new string('k', 5000)).GetAsync("/jobs")),
        ("empty key", HttpStatusCode.Unauthorized, a => Send(a.Nobody, HttpMethod.Get, "/jobs", ("X-Api-Key", ""))),
        ("another tenant's job", HttpStatusCode.NotFound, a => a.Mallory.GetAsync($"/jobs/{a.Job}")),
        ("another tenant's events", HttpStatusCode.NotFound, a => a.Mallory.GetAsync($"/jobs/{a.Job}/events")),
        ("another tenant's result", HttpStatusCode.NotFound, a => a.Mallory.GetAsync($"/jobs/{a.Job}/result")),
        ("another tenant's file", HttpStatusCode.NotFound, a => a.Mallory.GetAsync($"/jobs/{a.Job}/file?name={Uri.EscapeDataString(a.Artifact)}")),
        ("another tenant's file by an own job", HttpStatusCode.NotFound, a => a.Mallory.GetAsync($"/jobs/{a.MalloryJob}/file?name={Uri.EscapeDataString(a.Artifact)}")),
        ("file by path tricks", HttpStatusCode.NotFound, a => a.Mallory.GetAsync($"/jobs/{a.MalloryJob}/file?name={Uri.EscapeDataString($"mallory/{a.MalloryJob}/../../{a.Artifact}")}")),
        ("another tenant's cancel", HttpStatusCode.NotFound, a => a.Mallory.DeleteAsync($"/jobs/{a.Job}")),
        ("another tenant's retry", HttpStatusCode.NotFound, a => a.Mallory.PostAsync($"/jobs/{a.Job}/retry", null)),
        ("page after another tenant's job", HttpStatusCode.BadRequest, a => a.Mallory.GetAsync($"/jobs?after={a.Job}")),
        ("guessed identity", HttpStatusCode.NotFound, a => a.Mallory.GetAsync($"/jobs/{Guid.NewGuid():N}")),
        ("identity that is none", HttpStatusCode.NotFound, a => a.Mallory.GetAsync("/jobs/1%20or%201=1")),
        ("unknown kind", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"shell"}"""))),
        ("kind with markup", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"<script>"}"""))),
        ("broken JSON", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", "{"))),
        ("null", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", "null"))),
        ("deep JSON", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count","payload":""" + new string('[', 5000) + new string(']', 5000) + "}"))),
        ("priority out of range", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count","priority":1000}"""))),
        ("delay out of range", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count","delaySeconds":1e300}"""))),
        ("a form instead of JSON", HttpStatusCode.UnsupportedMediaType, a => a.Mallory.PostAsync("/jobs", new StringContent("""{"kind":"count"}""", Encoding.UTF8, "text/plain"))),
        ("oversized payload", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", $$"""{"kind":"count","payload":"{{new string('x', JobLimits.PayloadBytes + 10)}}"}"""))),
        ("oversized request", HttpStatusCode.RequestEntityTooLarge, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", $$"""{"kind":"count","payload":"{{new string('x', 1_000_000)}}"}"""))),
        ("key with a blank", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count"}""", "a b"))),
        ("endless idempotency key", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count"}""", new string('k', 300)))),
        ("forged origin", HttpStatusCode.Forbidden, a => Send(a.Mallory, HttpMethod.Delete, $"/jobs/{a.MalloryJob}", ("Origin", "https://evil.example"))),
        ("origin null", HttpStatusCode.Forbidden, a => Send(a.Mallory, HttpMethod.Delete, $"/jobs/{a.MalloryJob}", ("Origin", "null"))),
        ("cross-site fetch", HttpStatusCode.Forbidden, a => Send(a.Mallory, HttpMethod.Get, "/jobs", ("Sec-Fetch-Site", "cross-site"))),
        ("upload outside its folder", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/uploads", """{"fileName":"../../victim/x","bytes":1}"""))),
        ("upload with a header in its name", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/uploads", """{"fileName":"a\r\nSet-Cookie: x=1","bytes":1}"""))),
        ("upload with a header in its type", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/uploads", """{"fileName":"a","contentType":"text/plain\r\nX: 1","bytes":1}"""))),
        ("upload that is too large", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/uploads", """{"fileName":"a","bytes":1000000000000}"""))),
        ("upload of nothing", HttpStatusCode.BadRequest, a => a.Mallory.SendAsync(ServiceUnderTest.Post("/uploads", """{"fileName":"a","bytes":0}"""))),
        ("guessed link", HttpStatusCode.Forbidden, a => a.Nobody.GetAsync("/artifacts/" + new string('A', 200))),
        ("changed link", HttpStatusCode.Forbidden, a => a.Nobody.GetAsync(a.Link[..^8] + "AAAAAAAA")),
        ("link of another service", HttpStatusCode.Forbidden, a => a.Nobody.GetAsync(a.ForeignLink)),
        ("link that has run out", HttpStatusCode.Forbidden, a => a.Nobody.GetAsync(a.OldLink)),
        ("download link used to write", HttpStatusCode.Forbidden, a => a.Nobody.PutAsync(a.Link, new StringContent("x"))),
        ("upload link used to read", HttpStatusCode.Forbidden, a => a.Nobody.GetAsync(a.UploadLink)),
        ("upload of another type", HttpStatusCode.UnsupportedMediaType, a => a.Nobody.PutAsync(a.UploadLink, new StringContent("x", Encoding.UTF8, "text/html"))),
        ("upload longer than announced", HttpStatusCode.RequestEntityTooLarge, a => a.Nobody.PutAsync(a.UploadLink, Typed("way too long"))),
        ("chunked upload longer than announced", HttpStatusCode.RequestEntityTooLarge, a => Chunked(a)),
    ];

    public static TheoryData<string> Attacks => [.. s_attacks.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Attack_IsRefused_AndNothingStays(string name)
    {
        (_, HttpStatusCode expected, Func<Attack, Task<HttpResponseMessage>> send) = s_attacks.Single(attack => attack.Name == name);
        await using Attack attack = await Attack.PrepareAsync();
        int files = attack.Service.ArtifactFiles();
        JobStats before = await attack.Service.Services.GetRequiredService<IJobStore>().GetStatsAsync(default);

        using HttpResponseMessage response = await send(attack);

        string body = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {body}");
        Assert.DoesNotContain("   at ", body); // no stack
        Assert.DoesNotContain(attack.Service.Folder, body);
        Assert.Equal(files, attack.Service.ArtifactFiles());
        JobStats after = await attack.Service.Services.GetRequiredService<IJobStore>().GetStatsAsync(default);
        Assert.Equal((before.Ready, before.Waiting, before.InFlight), (after.Ready, after.Waiting, after.InFlight));
        using HttpResponseMessage alive = await attack.Victim.GetAsync($"/jobs/{attack.Job}");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task Start_OnAllAddressesWithoutAuthentication_IsRefused()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceUnderTest.StartAsync(address: "http://0.0.0.0:0"));
        Assert.Contains("no authentication", error.Message);
    }

    [Fact]
    public async Task Start_OnAllAddressesWithKeys_Works()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(options => options.ApiKeys.Add(ApiKey.Create("acme", out _)), "http://0.0.0.0:0");
        using HttpResponseMessage response = await service.NewClient().GetAsync("/jobs");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Origin", "http://evil.example")]
    public async Task Loopback_RequestThatCameFromElsewhere_IsRefused(string header, string value)
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        using HttpResponseMessage response = await Send(service.Client, HttpMethod.Get, "/jobs", (header, value));
        using HttpResponseMessage own = await service.Client.GetAsync("/jobs");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (response.StatusCode, own.StatusCode));
    }

    [Fact]
    public async Task Quota_MoreUnfinishedJobsThanAllowed_Is429()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(options => options.MaxUnfinishedJobs = 2);
        await service.SubmitAsync(payload: "\"wait\"");
        await service.SubmitAsync(payload: "\"wait\"");
        using HttpResponseMessage third = await service.Client.SendAsync(ServiceUnderTest.Post("/jobs", """{"kind":"count"}"""));
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
    }

    [Fact]
    public async Task Rate_MoreRequestsThanAllowed_Is429_ForThatTenantAlone()
    {
        ApiKey busyKey = ApiKey.Create("busy", out string busy);
        ApiKey calmKey = ApiKey.Create("calm", out string calm);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(options =>
        {
            options.RequestsPerMinute = 20;
            options.ApiKeys.Add(busyKey);
            options.ApiKeys.Add(calmKey);
        });
        HttpClient client = service.NewClient(busy);
        HttpStatusCode last = HttpStatusCode.OK;
        for (int i = 0; i < 15 && last == HttpStatusCode.OK; i++)
        {
            using HttpResponseMessage response = await client.GetAsync("/jobs");
            last = response.StatusCode;
        }

        using HttpResponseMessage neighbor = await service.NewClient(calm).GetAsync("/jobs");
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (last, neighbor.StatusCode));
    }

    [Fact]
    public async Task Download_OfMarkup_IsNoPageOfThisService()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string id = await service.SubmitAsync();
        await service.EndOfAsync(id);
        using HttpResponseMessage redirect = await service.Client.GetAsync($"/jobs/{id}/result");
        using HttpResponseMessage file = await service.Client.GetAsync(redirect.Headers.Location);

        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains("sandbox", file.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, HttpMethod method, string path, (string Name, string Value) header)
    {
        using HttpRequestMessage request = new(method, path);
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return await client.SendAsync(request);
    }

    private static StringContent Typed(string text) => new(text, null, new System.Net.Http.Headers.MediaTypeHeaderValue("text/plain"));

    private static async Task<HttpResponseMessage> Chunked(Attack attack)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, attack.UploadLink) { Content = Typed("way too long") };
        request.Headers.TransferEncodingChunked = true;
        return await attack.Nobody.SendAsync(request);
    }

    /// <summary>A victim with a finished job, and an attacker who is a tenant, too.</summary>
    private sealed class Attack : IAsyncDisposable
    {
        public required ServiceUnderTest Service { get; init; }

        public required HttpClient Victim { get; init; }

        public required HttpClient Mallory { get; init; }

        public required HttpClient Nobody { get; init; }

        public required string VictimHash { get; init; }

        public string Job { get; private set; } = string.Empty;

        public string MalloryJob { get; private set; } = string.Empty;

        public string Artifact { get; private set; } = string.Empty;

        public string Link { get; private set; } = string.Empty;

        public string OldLink { get; private set; } = string.Empty;

        public string ForeignLink { get; private set; } = string.Empty;

        public string UploadLink { get; private set; } = string.Empty;

        public static async Task<Attack> PrepareAsync()
        {
            ApiKey victim = ApiKey.Create("victim", out string victimKey);
            ApiKey mallory = ApiKey.Create("mallory", out string malloryKey);
            ServiceUnderTest service = await ServiceUnderTest.StartAsync(options =>
            {
                options.ApiKeys.Add(victim);
                options.ApiKeys.Add(mallory);
            });
            Attack attack = new() { Service = service, Victim = service.NewClient(victimKey), Mallory = service.NewClient(malloryKey), Nobody = service.NewClient(), VictimHash = victim.Hash };
            attack.Job = await service.SubmitAsync(attack.Victim);
            attack.MalloryJob = await service.SubmitAsync(attack.Mallory);
            await service.EndOfAsync(attack.Job, attack.Victim);
            await service.EndOfAsync(attack.MalloryJob, attack.Mallory);
            Job job = (await service.Services.GetRequiredService<IJobStore>().FindAsync("victim", Guid.Parse(attack.Job), default))!;
            attack.Artifact = job.Result!.Artifact!;
            using HttpResponseMessage redirect = await attack.Victim.GetAsync($"/jobs/{attack.Job}/result");
            attack.Link = redirect.Headers.Location!.OriginalString;
            ITimeLimitedDataProtector protector = service.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Pipeline.Jobs.Links").ToTimeLimitedDataProtector();
            string sealedTicket = attack.Link["/artifacts/".Length..];
            attack.OldLink = "/artifacts/" + protector.Protect(protector.Unprotect(sealedTicket), DateTimeOffset.UtcNow.AddSeconds(-1));
            attack.ForeignLink = "/artifacts/" + new EphemeralDataProtectionProvider().CreateProtector("Pipeline.Jobs.Links").ToTimeLimitedDataProtector().Protect(protector.Unprotect(sealedTicket));
            using HttpResponseMessage upload = await attack.Mallory.SendAsync(ServiceUnderTest.Post("/uploads", """{"fileName":"a.txt","contentType":"text/plain","bytes":5}"""));
            attack.UploadLink = (await ServiceUnderTest.BodyAsync(upload)).GetProperty("url").GetString()!;
            return attack;
        }

        public async ValueTask DisposeAsync()
        {
            Victim.Dispose();
            Mallory.Dispose();
            Nobody.Dispose();
            await Service.DisposeAsync();
        }
    }
}
