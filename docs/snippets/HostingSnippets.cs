using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pipeline.Core;
using Pipeline.Hosting;

namespace Pipeline.Snippets;

internal static class HostingSnippets
{
    public static void AddPipeline(WebApplicationBuilder builder)
    {
        // <snippet hosting-add>
        builder.Services
            .AddPipeline("orders", services => PipelineBuilder.Start<Order>("orders")
                .Stage(
                    "price",
                    services.GetRequiredService<PriceList>().PriceAsync,
                    stage => stage.OnFailure = FailurePolicy.Skip.WithMaxFailureRate(0.2))
                .Stage("confirm", order => new Receipt(order.Id, order.Price), stage => stage.Workers = 2)
                .Build())
            .WithSink(services => services.GetRequiredService<Outbox>().SendAsync)
            .Configure(options =>
            {
                options.Run.MaxItemsInFlight = 200;
                options.ReadinessDelay = TimeSpan.FromSeconds(5);
            });
        // </snippet>
    }

    public static void Endpoints(WebApplication app)
    {
        // <snippet hosting-endpoints>
        app.MapPost("/orders", async (Order order, HostedPipeline<Order, Receipt> orders, CancellationToken cancellationToken) =>
        {
            try
            {
                await orders.WriteAsync(order, cancellationToken); // waits while the pipeline is full
                return Results.Accepted();
            }
            catch (PipelineClosedException)
            {
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            }
        });
        app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        // </snippet>
    }

    public static void Bind(WebApplicationBuilder builder)
    {
        // <snippet hosting-bind>
        builder.Services.AddOptions<HostedPipelineOptions>("orders").BindConfiguration("Pipelines:Orders");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        // </snippet>
    }

    public sealed record Order(string Id, decimal Price);

    public sealed record Receipt(string OrderId, decimal Price);

    public sealed class PriceList
    {
        public ValueTask<Order> PriceAsync(Order order, CancellationToken cancellationToken) => new(order with { Price = 1 });
    }

    public sealed class Outbox
    {
        public ValueTask SendAsync(Receipt receipt, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
