// Checks the packages in artifacts/package/release: what a package must carry beside its code.
// Use: dotnet run eng/check-packages.cs [FOLDER]
using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;

string folder = args.Length > 0 ? args[0] : "artifacts/package/release";
string[] files = [.. Directory.EnumerateFiles(folder, "*.nupkg").Order()];
List<string> problems = [];
foreach (string file in files)
    problems.AddRange(Check(file).Select(problem => $"{Path.GetFileName(file)}: {problem}"));
if (files.Length == 0)
    problems.Add($"{folder} holds no package. Run dotnet pack -c Release first.");
foreach (string problem in problems)
    Console.Error.WriteLine(problem);
Console.WriteLine($"{files.Length} packages checked, {problems.Count} problems.");
return problems.Count == 0 ? 0 : 1;

static IEnumerable<string> Check(string file)
{
    using ZipArchive package = ZipFile.OpenRead(file);
    XElement metadata = XDocument.Load(
        package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open()).Root!.Elements().First();
    string Text(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
    foreach (string needed in (string[])["id", "version", "authors", "description", "license", "readme", "icon", "tags", "copyright"])
    {
        if (Text(needed).Length == 0)
            yield return $"the metadata have no {needed}.";
    }

    foreach (string needed in (string[])["README.md", "icon.png", "LICENSE", "THIRD-PARTY-NOTICES.md", "licenses/LGPL-3.0.txt",
        "licenses/MIT.txt", "sbom/bom.json"])
    {
        if (package.GetEntry(needed) is null)
            yield return $"{needed} is missing.";
    }

    if (package.GetEntry("THIRD-PARTY-NOTICES.md") is not { } noticesEntry || package.GetEntry("sbom/bom.json") is not { } billEntry)
        yield break;
    using StreamReader reader = new(noticesEntry.Open());
    string notices = reader.ReadToEnd();
    using JsonDocument bill = JsonDocument.Parse(billEntry.Open());
    string[] listed = bill.RootElement.TryGetProperty("components", out JsonElement components)
        ? [.. components.EnumerateArray().Select(component => component.GetProperty("name").GetString()!)]
        : [];

    foreach (XElement dependency in metadata.Descendants().Where(element => element.Name.LocalName == "dependency"))
    {
        string id = (string)dependency.Attribute("id")!;
        if (id.StartsWith("Pipeline.", StringComparison.Ordinal))
            continue;
        if (!listed.Contains(id))
            yield return $"it depends on {id}, which sbom/bom.json does not list.";
        if (!notices.Contains(id, StringComparison.Ordinal))
            yield return $"it depends on {id}, which THIRD-PARTY-NOTICES.md does not name.";
    }

    // What lies in the package of a tool is carried, not only referenced.
    (string Part, string Notice, string File)[] carried =
    [
        ("vips", "libvips", "licenses/libvips.md"), (
            "magick", "ImageMagick", "licenses/ImageMagick.txt"), ("e_sqlite3", "SQLite", "licenses/Apache-2.0.txt"),
        ("fscheck", "FsCheck", "licenses/BSD-3-Clause.txt"), ("fsharp", "FSharp.Core", "licenses/MIT.txt"), (
            "spectre", "Spectre.Console", "licenses/MIT.txt"),
        ("commandline", "System.CommandLine", "licenses/MIT.txt"), ("sqlitepcl", "SQLitePCLRaw", "licenses/Apache-2.0.txt"),
        ("microsoft.data.sqlite", "Microsoft.Data.Sqlite", "licenses/MIT.txt"), (
            "microsoft.extensions", "Microsoft.Extensions", "licenses/MIT.txt"),
    ];
    foreach (ZipArchiveEntry entry in package.Entries.Where(entry => IsCode(entry.Name)))
    {
        string name = entry.Name.ToLowerInvariant();
        if (name.StartsWith("pipeline.", StringComparison.Ordinal))
            continue;
        (string Part, string Notice, string File) known =
            carried.FirstOrDefault(part => name.Contains(part.Part, StringComparison.Ordinal));
        if (known.Part is null)
            yield return $"{entry.FullName} is the code of others, and no license is known for it. Name it in THIRD-PARTY-NOTICES.md "
                + "and here.";
        else if (!notices.Contains(known.Notice, StringComparison.Ordinal) || package.GetEntry(known.File) is null)
            yield return $"{entry.FullName} needs {known.Notice} in THIRD-PARTY-NOTICES.md and {known.File}.";
    }
}

static bool IsCode(string name) => Path.GetExtension(name) is ".dll" or ".exe" or ".dylib"
    || name.Contains(".so", StringComparison.Ordinal);
