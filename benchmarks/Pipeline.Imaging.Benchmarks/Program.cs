using Pipeline.Imaging.Benchmarks;

// Pipeline.Imaging.Benchmarks raw [--megapixels 45] [--rounds 7] [--file FILE.dng ...]   all variants in turn, medians and ratios
// Pipeline.Imaging.Benchmarks raw --only VARIANT [...]                                   one variant once: its peak memory
return args is ["raw", ..] ? RawDevelop.Run(args[1..]) : Usage();

static int Usage()
{
    Console.Error.WriteLine("Usage: Pipeline.Imaging.Benchmarks raw [--megapixels 45] [--rounds 7] [--file FILE.dng]... [--only VARIANT]");
    return 2;
}
