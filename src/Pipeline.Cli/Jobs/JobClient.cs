using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Cli;

/// <summary>Talks to a job service. Calls that may be repeated are repeated while the service is away.</summary>
internal sealed class JobClient : IDisposable
{
    private const int Tries = 8;

    private readonly HttpClient _http;
    private readonly CliEnvironment _environment;

    public JobClient(string server, string? key, CliEnvironment environment)
    {
        if (!Uri.TryCreate(server.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"'{server}' is no address of a job service. Give for example http://127.0.0.1:5080.");
        _environment = environment;
        _http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) => await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);

    public async Task<JsonObject> PostAsync(string path, JsonNode? body, string? idempotencyKey, CancellationToken cancellationToken) => await SendAsync(
        () =>
        {
            HttpRequestMessage request = new(HttpMethod.Post, path);
            if (body is not null)
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            return request;
        },
        cancellationToken).ConfigureAwait(false);

    public async Task<JsonObject> DeleteAsync(string path, CancellationToken cancellationToken) => await SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, path), cancellationToken).ConfigureAwait(false);

    /// <summary>Uploads a file and gives the name by which a payload refers to it.</summary>
    public async Task<string> UploadAsync(string file, CancellationToken cancellationToken)
    {
        JsonObject wish = new() { ["fileName"] = Path.GetFileName(file), ["bytes"] = new FileInfo(file).Length };
        JsonObject upload = await PostAsync("uploads", wish, null, cancellationToken).ConfigureAwait(false);
        await SendAsync(
            () =>
            {
                StreamContent content = new(File.OpenRead(file));
                content.Headers.ContentType = new MediaTypeHeaderValue((string)upload["contentType"]!);
                return new HttpRequestMessage(HttpMethod.Put, Relative((string)upload["url"]!)) { Content = content };
            },
            cancellationToken).ConfigureAwait(false);
        return (string)upload["artifact"]!;
    }

    /// <summary>Downloads the result of a job; after a cut it goes on at the byte, with a new link.</summary>
    public async Task DownloadAsync(string id, string file, CancellationToken cancellationToken)
    {
        string partial = file + ".partial";
        File.Delete(partial);
        for (int tries = 1; ; tries++)
        {
            long have = File.Exists(partial) ? new FileInfo(partial).Length : 0;
            try
            {
                using HttpRequestMessage request = new(HttpMethod.Get, $"jobs/{id}/result");
                if (have > 0)
                    request.Headers.Range = new RangeHeaderValue(have, null);
                using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                    break; // all of it was here already
                await CheckAsync(response, cancellationToken).ConfigureAwait(false);
                FileStream target = new(partial, response.StatusCode == HttpStatusCode.PartialContent ? FileMode.Append : FileMode.Create);
                await using (target.ConfigureAwait(false))
                    await response.Content.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (Exception e) when (e is HttpRequestException { StatusCode: null } or IOException && tries < Tries)
            {
                await PauseAsync(tries, cancellationToken).ConfigureAwait(false);
            }
        }

        File.Move(partial, file, overwrite: true);
    }

    private static string Relative(string url) => url.TrimStart('/');

    private async Task<JsonObject> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                using HttpRequestMessage request = make();
                using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && tries < Tries)
                {
                    await PauseAsync(tries, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                await CheckAsync(response, cancellationToken).ConfigureAwait(false);
                string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
            }
            catch (HttpRequestException) when (tries < Tries)
            {
                await PauseAsync(tries, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e)
            {
                throw new IOException($"The job service {_http.BaseAddress} does not answer: {e.Message} Start it with 'pipeline serve', or name another with --server.", e);
            }
        }
    }

    private static async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        string detail;
        try
        {
            JsonNode? problem = JsonNode.Parse(text);
            detail = $"{problem?["title"]} {problem?["detail"]}";
        }
        catch (JsonException)
        {
            detail = text;
        }

        throw new InvalidDataException($"The job service refused ({(int)response.StatusCode}): {detail}");
    }

    private Task PauseAsync(int tries, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(100 * (1 << Math.Min(tries, 5))), _environment.TimeProvider, cancellationToken);
}
