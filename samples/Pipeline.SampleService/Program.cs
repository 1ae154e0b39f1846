using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Pipeline.Core;
using Pipeline.Hosting;
using Pipeline.SampleService;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
builder.Services.AddSingleton<ResultLog>();

// 'Orders' in the configuration sets HostedPipelineOptions, for example --Orders:Run:Workers=4 or --Orders:ReadinessDelay=00:00:05.
int maxFailures = builder.Configuration.GetValue("Orders:MaxFailures", 1000);
builder.Services.AddOptions<HostedPipelineOptions>("orders").BindConfiguration("Orders");
builder.Services
    .AddPipeline("orders", _ => PipelineBuilder.Start<Order>("orders")
        .Stage("check", Orders.Check, stage => stage.OnFailure = FailurePolicy.Skip.WithMaxFailures(maxFailures))
        .Stage("digest", Orders.Digest)
        .Build())
    .WithSink(services => services.GetRequiredService<ResultLog>().AddAsync);
builder.Services
    .AddOptions<HostedPipelineOptions>("orders")
    .PostConfigure<ResultLog>((options, results) => options.Run.DeadLetter = results.AddFailure);

WebApplication app = builder.Build();

// 202 says that the order will be finished or reported, whatever happens to this process short of a kill.
app.MapPost("/orders", async (Order order, HostedPipeline<Order, OrderResult> orders, CancellationToken cancellationToken) =>
{
    try
    {
        await orders.WriteAsync(order, cancellationToken);
        return Results.Accepted();
    }
    catch (PipelineClosedException closed)
    {
        return Results.Problem(closed.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
});

// Every result from a position on, as they come; ends when the pipeline has.
app.MapGet("/results", (int? from, ResultLog results, HostedPipeline<Order, OrderResult> orders, CancellationToken cancellationToken) =>
    TypedResults.ServerSentEvents(results.ReadAsync(from ?? 0, orders.Completion, cancellationToken)));

app.MapGet("/progress", (HostedPipeline<Order, OrderResult> orders) => orders.Snapshot());
app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready") });
app.MapHealthChecks("/live", new HealthCheckOptions { Predicate = static _ => false });
app.Run();
