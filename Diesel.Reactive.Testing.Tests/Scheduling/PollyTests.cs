using System.Net;
using Diesel.Reactive.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;
using Polly.Timeout;

namespace Diesel.Reactive.Tests;

/// <summary>Polly and the resilience of HTTP clients in virtual time: they wait without a context, and take our <see cref="TimeProvider"/>.</summary>
public class PollyTests
{
    [Test]
    public Task Retries_wait_in_virtual_time() => MarbleTest.RunAsync(static async t =>
    {
        var tries = new List<double>();
        var pipeline = Pipeline(t).AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 3, Delay = TimeSpan.FromMinutes(1), BackoffType = DelayBackoffType.Exponential,
        }).Build();
        await pipeline.ExecuteAsync(async token =>
        {
            tries.Add(t.Scheduler.Elapsed.TotalMinutes);
            await Task.Delay(TimeSpan.FromMinutes(1), t.TimeProvider, token).ConfigureAwait(false);
            if (tries.Count < 4)
            {
                throw new TimeoutException();
            }
        });
        Assert.That(tries, Is.EqualTo(new[] { 0, 2, 5, 10 }));
    });

    [Test]
    public Task A_timeout_comes_in_virtual_time() => MarbleTest.RunAsync(static async t =>
    {
        var pipeline = Pipeline(t).AddTimeout(TimeSpan.FromMinutes(5)).Build();
        Exception? error = null;
        try
        {
            await pipeline.ExecuteAsync(async token => await Task.Delay(TimeSpan.FromHours(1), t.TimeProvider, token));
        }
        catch (TimeoutRejectedException rejected)
        {
            error = rejected;
        }

        Assert.That((error is not null, t.Scheduler.Elapsed), Is.EqualTo((true, TimeSpan.FromMinutes(5))));
    });

    [Test]
    public Task A_hedge_begins_in_virtual_time() => MarbleTest.RunAsync(static async t =>
    {
        var tries = 0;
        var pipeline = new ResiliencePipelineBuilder<string> { TimeProvider = t.TimeProvider }.AddHedging(new HedgingStrategyOptions<string>
        {
            MaxHedgedAttempts = 1, Delay = TimeSpan.FromSeconds(2),
        }).Build();
        var answer = await pipeline.ExecuteAsync(async token =>
        {
            var number = ++tries;
            await Task.Delay(TimeSpan.FromSeconds(number == 1 ? 60 : 1), t.TimeProvider, token);
            return $"{number}";
        });
        Assert.That((answer, t.Scheduler.Elapsed), Is.EqualTo(("2", TimeSpan.FromSeconds(3))));
    });

    [Test]
    public Task A_circuit_breaks_and_closes_in_virtual_time() => MarbleTest.RunAsync(static async t =>
    {
        var pipeline = Pipeline(t).AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5, MinimumThroughput = 2, SamplingDuration = TimeSpan.FromMinutes(1), BreakDuration = TimeSpan.FromMinutes(10),
        }).Build();
        var told = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            try
            {
                await pipeline.ExecuteAsync(async token =>
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), t.TimeProvider, token);
                    _ = i < 2 ? throw new FormatException() : 0;
                });
                told.Add("ok");
            }
            catch (Exception error)
            {
                told.Add(error.GetType().Name);
                await Task.Delay(TimeSpan.FromMinutes(error is BrokenCircuitException ? 11 : 0), t.TimeProvider);
            }
        }

        Assert.That(string.Join(' ', told), Is.EqualTo("FormatException FormatException BrokenCircuitException ok"));
    });

    [Test]
    public Task A_resilient_http_client_retries_in_virtual_time() => MarbleTest.RunAsync(static async t =>
    {
        var services = new ServiceCollection();
        var failing = new Failing(2);
        services.AddSingleton(t.TimeProvider);
        services.AddHttpClient("c").ConfigurePrimaryHttpMessageHandler(() => failing).AddResilienceHandler("r", (builder, context) =>
        {
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 5, Delay = TimeSpan.FromMinutes(1), BackoffType = DelayBackoffType.Constant, UseJitter = false });
            builder.AddTimeout(TimeSpan.FromSeconds(30));
        });
        using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("c");
        client.Timeout = Timeout.InfiniteTimeSpan;
        using var answer = await client.GetAsync(new Uri("http://server/"));
        Assert.That((answer.StatusCode, failing.Asked, t.Scheduler.Elapsed), Is.EqualTo((HttpStatusCode.OK, 3, TimeSpan.FromMinutes(2))));
    });

    private static ResiliencePipelineBuilder Pipeline(MarbleTest t) => new() { TimeProvider = t.TimeProvider };

    private sealed class Failing(int times) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(++Asked <= times ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
    }
}
