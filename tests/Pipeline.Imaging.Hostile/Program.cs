using System.Globalization;
using Pipeline.Imaging.Hostile;

// Changes whole photos at places that their formats care about and decodes each change twice, in two child processes whose memory is filled with different values, once with all
// other changes before it and once with those behind it. The two must give the same picture, or the same failure with a reason; no child may crash, hang or take too much memory.
//   Pipeline.Imaging.Hostile [--long] [--mutations N] [--seed N] [--only PREFIX] [--keep FOLDER] [--seconds N] [--memory MIB] [--executors N] [--peers] [--no-known]
//   Pipeline.Imaging.Hostile make BASE NUMBER FILE [--seed N]      writes one mutation
//   Pipeline.Imaging.Hostile bases FOLDER                          writes the whole files
string? camera = SharedFolder.Find("raw");
switch (args)
{
    case ["worker", string folder, string pattern, string workerSeed]:
        return new DecodeWorker(folder, byte.Parse(pattern, CultureInfo.InvariantCulture), int.Parse(workerSeed, CultureInfo.InvariantCulture)).Serve(Console.In, Console.Out);
    case ["bases", string target]:
        Directory.CreateDirectory(target);
        foreach ((string name, byte[] content) in BaseFiles.Make())
            File.WriteAllBytes(Path.Combine(target, name), content);
        return 0;
    case ["make", string name, string number, string target, ..]:
        byte[] original = name.StartsWith("camera-", StringComparison.Ordinal) ? BaseFiles.ReadCameraFiles(camera)[name] : BaseFiles.Make()[name];
        Mutation mutation = Mutation.Make(name, original, int.Parse(number, CultureInfo.InvariantCulture), HuntOptions.Parse(args[4..])?.Seed ?? HuntOptions.DefaultSeed);
        File.WriteAllBytes(target, mutation.Bytes);
        Console.WriteLine(mutation.Recipe);
        return 0;
}

if (HuntOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine("Usage: Pipeline.Imaging.Hostile [--long] [--mutations N] [--seed N] [--only PREFIX] [--keep FOLDER] [--seconds N] [--memory MIB] [--executors N] [--peers] [--no-known]");
    return 2;
}

return await new HostileRun(options, camera).RunAsync();
