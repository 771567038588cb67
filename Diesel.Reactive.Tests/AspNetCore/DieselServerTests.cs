using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.Tests;

/// <summary>What an application may do with a request and its response, on the pool and on the hub.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class DieselServerTests(bool onHub) : WebOnHubFixture(onHub)
{
    [Test]
    public async Task What_is_answered_at_once_has_a_length()
    {
        await using var web = await Serve(static app => app.MapGet("/", static () => "hello"));
        using var client = web.Client();
        using var response = await client.GetAsync(Root);
        Assert.That((response.Content.Headers.ContentLength, response.Headers.TransferEncodingChunked, await response.Content.ReadAsStringAsync()), Is.EqualTo((5, (bool?)null, "hello")));
    }

    [Test]
    public async Task The_application_runs_where_it_was_said()
    {
        await using var web = await Serve(app => app.MapGet("/", () => $"{Hub.IsCurrent} {Thread.CurrentThread.IsThreadPoolThread}"));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo(OnHub ? "True False" : "False True"));
    }

    [Test]
    public async Task It_goes_on_there_behind_an_await()
    {
        await using var web = await Serve(app => app.MapGet("/", async () =>
        {
            await Task.Run(static () => { });
            return $"{Hub.IsCurrent}";
        }));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo($"{OnHub}"));
    }

    [Test]
    public async Task An_endpoint_says_for_itself_where_it_runs()
    {
        await using var web = await Serve(app =>
        {
            app.MapGet("/hub", () => Hub.IsCurrent).RunOnHub();
            app.MapGet("/pool", static () => Thread.CurrentThread.IsThreadPoolThread).RunOnThreadPool();
        });
        using var client = web.Client();
        Assert.That((await client.GetStringAsync(new Uri("hub", UriKind.Relative)), await client.GetStringAsync(new Uri("pool", UriKind.Relative))), Is.EqualTo(("true", "true")));
    }

    [Test]
    public async Task Callbacks_before_the_start_run_backwards_and_those_behind_it_see_it_sent()
    {
        var told = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", (HttpContext context) =>
        {
            context.Response.OnStarting(() => Append(context, "a"));
            context.Response.OnStarting(() => Append(context, "b"));
            context.Response.OnCompleted(() => Task.FromResult(told.TrySetResult(context.Response.HasStarted)));
            return "";
        }));
        using var client = web.Client();
        using var response = await client.GetAsync(Root);
        Assert.That((response.Headers.GetValues("X-Order").Single(), await told.Task.WaitAsync(Live.Patience)), Is.EqualTo(("b,a", true)));

        static async Task Append(HttpContext context, string word)
        {
            await Task.Yield();
            context.Response.Headers["X-Order"] = context.Response.Headers["X-Order"].Count == 0 ? word : $"{context.Response.Headers["X-Order"]},{word}";
        }
    }

    [Test]
    public async Task Who_is_told_behind_the_response_does_not_hold_it_up()
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", (HttpContext context) =>
        {
            context.Response.OnCompleted(async () =>
            {
                await answered.Task;
                told.SetResult();
            });
            return "hello";
        }));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo("hello"));
        answered.SetResult();
        await told.Task.WaitAsync(Live.Patience);
    }

    [Test]
    public async Task One_that_throws_behind_the_response_keeps_no_other_from_being_told()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", (HttpContext context) =>
        {
            context.Response.OnCompleted(() => Task.FromResult(told.TrySetResult()));
            context.Response.OnCompleted(static () => throw new InvalidOperationException("on purpose"));
            return "";
        }));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.Empty);
        await told.Task.WaitAsync(Live.Patience);
    }

    [TestCase("", "False")]
    [TestCase("Connection: Upgrade\r\nUpgrade: x\r\n", "True")]
    [TestCase("Connection: Upgrade\r\nUpgrade: x\r\nContent-Length: 1\r\n", "False")]
    public async Task Another_protocol_is_begun_by_who_proposes_it(string fields, string can)
    {
        await using var web = await Serve(static app => app.Run(static context => context.Response.WriteAsync($"<{context.Features.Get<IHttpUpgradeFeature>()!.IsUpgradableRequest}>")));
        Assert.That(await web.Say($"GET / HTTP/1.1\r\nHost: x\r\n{fields}\r\n-"), Does.Contain($"<{can}>"));
    }

    [Test]
    public async Task What_has_started_does_not_change()
    {
        await using var web = await Serve(static app => app.MapGet("/", static async (HttpContext context) =>
        {
            await context.Response.StartAsync();
            await context.Response.WriteAsync(
                $"{context.Response.HasStarted} {Refuses(() => context.Response.Headers["X-Late"] = "1")} {Refuses(() => context.Response.StatusCode = 400)} {Refuses(() => context.Response.OnStarting(static () => Task.CompletedTask))}");
        }));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo("True True True True"));
    }

    [Test]
    public async Task What_flows_with_a_request_does_not_reach_the_next_on_its_connection()
    {
        var local = new AsyncLocal<string>();
        await using var web = await Serve(app => app.Run(context =>
        {
            var before = local.Value ?? "nothing";
            local.Value = "leaked";
            return context.Response.WriteAsync(before);
        }));
        using var client = web.Client();
        Assert.That((await client.GetStringAsync(Root), await client.GetStringAsync(Root)), Is.EqualTo(("nothing", "nothing")));
    }

    [Test]
    public async Task Requests_in_a_row_are_answered_in_order()
    {
        await using var web = await Serve(static app => app.MapGet("/{n:int}", static async (int n) =>
        {
            await Task.Delay(n % 3);
            return $"<{n}>";
        }));
        var answer = await web.Say(string.Concat(Enumerable.Range(0, 50).Select(static n => $"GET /{n} HTTP/1.1\r\nHost: x\r\n\r\n")));
        Assert.That(string.Concat(answer.Split("\r\n").Where(static line => line.StartsWith('<')).Select(static line => line[..(line.IndexOf('>', StringComparison.Ordinal) + 1)])),
            Is.EqualTo(string.Concat(Enumerable.Range(0, 50).Select(static n => $"<{n}>"))));
    }

    private static bool Refuses(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
