namespace Pipeline.Infra;

/// <summary>What is known of a program or store that runs on a machine, by the name that a template or claims file gives it.</summary>
internal sealed record RunningPart(string Kind, string Role, string UsersSee, string ComesBack)
{
    private static readonly Dictionary<string, RunningPart> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nginx"] = new("web-server", "takes every request of every user", "the browser says that the site cannot be reached", "the service manager starts it again within seconds, if it was told to; else by hand"),
        ["gunicorn"] = new("application", "Gunicorn with Django: runs the application code", "502 Bad Gateway on every page", "the service manager starts it again within seconds, if it was told to; else by hand"),
        ["postgresql"] = new("database", "keeps every account and every record", "an error on every page that reads or writes", "by hand; what was written after the last backup is lost with the disk"),
        ["sessions"] = new("session-store", "knows who is logged in, in the memory or files of this machine", "everybody is logged out, and again after each restart", "users log in again"),
        ["uploads"] = new("upload-disk", "holds the uploaded files on the disk of this machine", "404 for every uploaded picture", "only from a backup; what was uploaded after it is lost"),
    };

    internal static RunningPart Of(string name) =>
        s_known.TryGetValue(name, out RunningPart? part) ? part : new RunningPart(name, $"{name}, as the template names it", "what depends on it fails", "not stated; write it into the run book");
}
