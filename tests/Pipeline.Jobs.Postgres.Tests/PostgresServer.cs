using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Jobs.Postgres.Tests;

/// <summary>A server of the tests' own on a free port of this machine, in a folder of its own. Without PostgreSQL the tests skip and say so.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-postgres-");
    private readonly string? _programs = Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) : null;
    private readonly int _port = FreePort();
    private bool _isStarted;

    public PostgresServer()
    {
        if (_programs is null)
            return;
        string data = Path.Combine(_folder.FullName, "data");
        if (Environment.UserName == "root")
            Run("chown", "postgres", _folder.FullName);
        RunAsOwner($"{_programs}/initdb -D {data} -A trust -U postgres -E UTF8 --no-locale");
        RunAsOwner($"{_programs}/pg_ctl -D {data} -w -t 60 -l {data}/log -o '-c listen_addresses=127.0.0.1 -c max_connections=200 -p {_port} -k {_folder.FullName}' start");
        _isStarted = true;
    }

    public string ConnectionString
    {
        get
        {
            Assert.SkipUnless(_isStarted, "PostgreSQL is not installed here (no /usr/lib/postgresql/*/bin/initdb). Install it with: apt-get install postgresql.");
            return $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Maximum Pool Size=60";
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_isStarted)
            RunAsOwner($"{_programs}/pg_ctl -D {_folder.FullName}/data -m immediate -w stop");
        _folder.Delete(recursive: true);
        return default;
    }

    private static void RunAsOwner(string command)
    {
        if (Environment.UserName == "root")
            Run("su", "postgres", "-c", command); // the server refuses to run as root
        else
            Run("sh", "-c", command);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(90)), $"{program} {string.Join(' ', arguments)} did not end.");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
