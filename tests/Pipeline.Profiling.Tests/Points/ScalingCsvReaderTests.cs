namespace Pipeline.Profiling.Tests;

public sealed class ScalingCsvReaderTests
{
    [Fact]
    public void Read_SecondsWithComments_GivesOneSeries()
    {
        ScalingSeries series = Assert.Single(Read("# made up\nworkers,seconds\n\n1,10\n2,6 \n# between\n4,4\n"));
        Assert.Equal(ScalingMeasure.Seconds, series.Measure);
        Assert.Equal([1, 2, 4], series.Samples.Select(s => s.Workers));
        Assert.Equal([10, 6, 4], series.Samples.Select(s => s.Seconds));
    }

    [Theory]
    [InlineData("workers,throughput\n1,4\n2,8", ScalingMeasure.Throughput, 0.25)]
    [InlineData("cores;speedup\n1;1\n2;1.9", ScalingMeasure.SpeedUp, 1)]
    [InlineData("anything,speed-up\n1,1\n2,1.9", ScalingMeasure.SpeedUp, 1)]
    [InlineData("application,N,scaled_speedup\n\"a, b\",1,1\n\"a, b\",8,7.9", ScalingMeasure.ScaledSpeedUp, 1)]
    public void Read_OtherMeasures_BecomeTimes(string csv, ScalingMeasure measure, double firstSeconds)
    {
        ScalingSeries series = Assert.Single(Read(csv));
        Assert.Equal(measure, series.Measure);
        Assert.Equal(firstSeconds, series.Samples[0].Seconds);
    }

    [Fact]
    public void Read_SeriesColumn_SplitsAndKeepsTheOrder()
    {
        IReadOnlyList<ScalingSeries> series = Read("series,workers,seconds,host\nb,1,10,x\na,1,5,y\nb,2,5,x\n");
        Assert.Equal(["b", "a"], series.Select(s => s.Name));
        Assert.Equal([2, 1], series.Select(s => s.Samples.Count));
    }

    [Fact]
    public void Read_TextColumnsWithoutSeries_NameTheSeries()
    {
        IReadOnlyList<ScalingSeries> series = Read(
            "machine,benchmark,degree,speedup\nxeon,ferret,1,1\nxeon,dedup,1,1\nxeon,ferret,2,1.9\n");
        Assert.Equal(["xeon ferret", "xeon dedup"], series.Select(s => s.Name));
    }

    [Theory]
    [InlineData("", 1, "no header")]
    [InlineData("# only a comment\n", 1, "no header")]
    [InlineData("workers,seconds\n", 1, "no measured point")]
    [InlineData("workers,colour\n1,2\n", 1, "no column 'seconds'")]
    [InlineData("a,b,seconds\n1,1,2\n", 1, "no column 'workers'")]
    [InlineData("# c\nworkers,seconds\n1,10\n2,abc\n", 4, "'abc' in column 'seconds'")]
    [InlineData("workers,seconds\n0,10\n", 2, "'0' in column 'workers'")]
    [InlineData("workers,seconds\n1,-3\n", 2, "'-3' in column 'seconds'")]
    [InlineData("workers,seconds\n1,NaN\n", 2, "'NaN' in column 'seconds'")]
    [InlineData("workers,seconds\n1,10,3\n", 2, "3 fields where the header has 2")]
    public void Read_BadText_NamesTheLineAndTheRule(string csv, int line, string part)
    {
        ScalingCsvException error = Assert.Throws<ScalingCsvException>(() => Read(csv));
        Assert.Equal(line, error.Line);
        Assert.Contains(part, error.Message);
        Assert.StartsWith("points.csv, line ", error.Message);
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameSamples()
    {
        ScalingSeries[] written =
            [new("a, \"quoted\"", ScalingMeasure.Seconds, [new(1, 10.1) { Items = 5 }, new(2, 1.0 / 3) { Items = 5 }]), new(
                "b", ScalingMeasure.Seconds, [new(1, 2) { Items = 5 }])];
        using StringWriter text = new();
        ScalingCsvWriter.Write(text, written);
        IReadOnlyList<ScalingSeries> read = Read(text.ToString());
        Assert.Equal(written.Select(s => s.Name), read.Select(s => s.Name));
        Assert.Equal(written.SelectMany(s => s.Samples), read.SelectMany(s => s.Samples));
    }

    private static IReadOnlyList<ScalingSeries> Read(string csv) => ScalingCsvReader.Read(new StringReader(csv), "points.csv");
}
