using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Requests that a client sends one behind the other, without waiting: what is kept between them, and who is asked at all.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class DieselPipelinedTests(bool onHub) : WebOnHubFixture(onHub)
{
    [Test]
    public async Task They_are_run_one_after_the_other()
    {
        var (running, most) = (0, 0);
        await using var web = await Serve(app => app.MapGet("/{n:int}", async (int n) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            if (n % 2 == 1)
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref running);
            return $"<{n}>";
        }));
        Assert.That((Marked(await web.Say(Gets(0, 100))), most), Is.EqualTo((Numbers(0, 100), 1)));
    }

    [Test]
    public async Task Hundreds_that_are_answered_at_once_are_answered_in_order()
    {
        await using var web = await Serve(static app => app.MapGet("/{n:int}", static (int n) => $"<{n}>"));
        Assert.That(Marked(await web.Say(Gets(0, 500))), Is.EqualTo(Numbers(0, 500)));
    }

    [Test]
    public async Task Each_answer_has_the_fields_of_its_own()
    {
        string[][] said = [["one"], ["one"], ["two"], ["one", "two"], [], ["one"]];
        await using var web = await Serve(app => app.MapGet("/{n:int}", (int n, HttpContext context) =>
        {
            context.Response.Headers["X-Said"] = said[n % said.Length];
            return $"<{n}>";
        }));
        var answers = (await web.Say(Gets(0, 60))).Split("HTTP/1.1 200 OK")[1..];
        Assert.That(answers.Select(static answer => answer.Split("\r\n").Where(static line => line.StartsWith("X-Said: ", StringComparison.Ordinal)).Select(static line => line[8..])),
            Is.EqualTo(Enumerable.Range(0, 60).Select(n => said[n % said.Length])));
    }

    [Test]
    public async Task Each_is_for_the_host_that_it_names()
    {
        await using var web = await Serve(static app => app.MapGet("/", static (HttpContext context) => $"<{context.Request.Host}>"));
        var answer = await web.Say(string.Concat(new[] { "a", "a", "b", "a:80", "b" }.Select(static host => $"GET / HTTP/1.1\r\nX-Host: c\r\nhost: {host}\r\n\r\n"))
            + "GET http://d/ HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: e\r\nConnection: close\r\n\r\n");
        Assert.That(System.Text.RegularExpressions.Regex.Matches(answer, "<(.*?)>").Select(static match => match.Groups[1].Value), Is.EqualTo(new[] { "a", "a", "b", "a:80", "b", "d", "e" }));
    }

    [Test]
    public async Task Each_has_the_fields_that_it_came_with()
    {
        await using var web = await Serve(
            static app => app.MapGet("/", static (HttpContext context) =>
            {
                var fields = context.Request.Headers;
                var one = fields["X-A"];
                var all = fields.Where(static field => field.Key.StartsWith("X-", StringComparison.Ordinal)).Select(static field => $"{field.Key}={field.Value}");
                var answer = $"<{one}|{string.Join(' ', all)}>";
                fields["X-Added"] = "by who answers";
                return answer;
            }),
            new() { ReusesRequests = true });
        string[] fields = ["X-A: 1\r\n", "X-AB: 2\r\n", "", "X-B: 3\r\nX-A: 4\r\n", "Connection: close\r\n"];
        var answer = await web.Say(string.Concat(fields.Select(static field => $"GET / HTTP/1.1\r\nHost: x\r\n{field}\r\n")));
        Assert.That(Marked(answer), Is.EqualTo("<1|X-A=1><|X-AB=2><|><4|X-B=3 X-A=4><|>"));
    }

    [Test]
    public async Task Behind_an_answer_that_ends_the_connection_nobody_is_asked()
    {
        var asked = new ConcurrentQueue<int>();
        await using var web = await Serve(app => app.MapGet("/{n:int}", (int n, HttpContext context) =>
        {
            asked.Enqueue(n);
            context.Response.Headers.Connection = n == 2 ? "close" : default(string);
            return $"<{n}>";
        }));
        Assert.That(Marked(await web.Say(Gets(0, 10))), Is.EqualTo(Numbers(0, 3)));
        Assert.That(asked, Is.EqualTo((int[])[0, 1, 2]));
    }

    [Test]
    public async Task What_is_no_request_is_refused_behind_the_answers_to_those_before_it()
    {
        await using var web = await Serve(static app => app.MapGet("/{n:int}", static async (int n) =>
        {
            await Task.Yield();
            return $"<{n}>";
        }));
        var answer = await web.Say($"{Gets(0, 3)}GET /3 HTTP/1.1\r\nHost : x\r\n\r\n{Gets(4, 2)}");
        Assert.That((Marked(answer), answer.LastIndexOf("HTTP/1.1 400", StringComparison.Ordinal)), Is.EqualTo((Numbers(0, 3), answer.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal))));
    }

    [Test]
    public async Task One_with_a_body_comes_between()
    {
        await using var web = await Serve(static app =>
        {
            app.MapGet("/{n:int}", static (int n) => $"<{n}>");
            app.MapPost("/{n:int}", static async (int n, HttpContext context) => $"<{n}{await new StreamReader(context.Request.Body).ReadToEndAsync()}>");
        });
        var answer = await web.Say($"{Gets(0, 2)}POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc{Gets(3, 2)}POST /5 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nd\r\n0\r\n\r\n{Gets(6, 1)}");
        Assert.That(Marked(answer), Is.EqualTo("<0><1><2abc><3><4><5d><6>"));
    }

    [Test]
    public async Task A_head_that_comes_in_two_is_one()
    {
        await using var web = await Serve(static app => app.MapGet("/{n:int}", static (int n) => $"<{n}>"));
        using var client = await RawClient.Connect(web);
        await client.Send(Gets(0, 2) + "GET /2 HT");
        Assert.That(Marked(await client.Read("<1>")), Is.EqualTo("<0><1>"));
        await client.Send("TP/1.1\r\nHost: x\r\n\r\n" + Gets(3, 1));
        Assert.That(Marked(await client.Read("<3>")), Is.EqualTo("<2><3>"));
    }

    [Test]
    public async Task The_first_does_not_wait_for_one_that_blocks()
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/{n:int}", async (int n) =>
        {
            if (n == 1)
            {
                await Blocked(seen.Task);
            }

            return $"<{n}>";
        }));
        using var client = await RawClient.Connect(web);
        await client.Send(Gets(0, 3));
        Assert.That(Marked(await client.Read("<0>")), Is.EqualTo("<0>"));
        seen.SetResult();
        Assert.That(Marked(await client.Read("<2>")), Is.EqualTo("<1><2>"));

        // On the hub nobody may.
        async Task Blocked(Task task)
        {
            if (OnHub)
            {
                await task;
            }
            else
            {
                task.Wait(Live.Patience);
            }
        }
    }

    [Test]
    public async Task Each_is_counted_once()
    {
        var counted = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument is { Name: "http.server.request.duration" })
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                var count = tag is { Key: "http.route", Value: "/counted/{n:int}" } ? 1 : tag is { Key: "http.request.method", Value: "GET" } && !Has(tags, "http.route") ? 1000 : 0;
                Interlocked.Add(ref counted, count);
            }
        });
        listener.Start();
        await using var web = await Serve(static app => app.MapGet("/counted/{n:int}", static (int n) => $"<{n}>"));
        await web.Say("GET /counted/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /counted/2 HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.That(() => Volatile.Read(ref counted), Is.EqualTo(2).After(2000, 10));

        static bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == key)
                {
                    return true;
                }
            }

            return false;
        }
    }

    [TestCase(true, 1)]
    [TestCase(false, 3)]
    public async Task The_next_request_of_a_connection_has_the_objects_of_the_one_before(bool reused, int distinct)
    {
        var seen = new ConcurrentBag<HttpContext>();
        await using var web = await Serve(app => app.Run(context =>
        {
            seen.Add(context);
            return context.Response.WriteAsync("at once");
        }), new() { ReusesRequests = reused });
        using var client = await RawClient.Connect(web);
        for (var i = 0; i < 3; i++)
        {
            await client.Send(Gets(i, 1));
            await client.Read("at once");
        }

        Assert.That(seen.Distinct(ReferenceEqualityComparer.Instance).Count(), Is.EqualTo(distinct));
    }

    [Test]
    public async Task But_not_of_one_whose_application_has_waited()
    {
        var seen = new ConcurrentBag<HttpContext>();
        await using var web = await Serve(app => app.Run(async context =>
        {
            seen.Add(context);
            await Task.Yield();
            await context.Response.WriteAsync("later");
        }));
        using var client = await RawClient.Connect(web);
        for (var i = 0; i < 3; i++)
        {
            await client.Send(Gets(i, 1));
            await client.Read("later");
        }

        Assert.That(seen.Distinct(ReferenceEqualityComparer.Instance).Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task Nothing_of_a_request_is_seen_by_the_next()
    {
        await using var web = await Serve(static app => app.Run(static context =>
        {
            var (items, seen) = (context.Items, $"{context.Items.Count} {context.Features.Get<string>()} {context.Request.Headers["X-A"]} {context.Request.Path}{context.Request.QueryString} {context.Request.PathBase} {context.Response.StatusCode} {context.Response.Headers.Count} {context.GetEndpoint()?.DisplayName} {context.Request.RouteValues.Count}");
            items["a"] = 1;
            context.Features.Set("feature");
            context.Request.PathBase = "/base";
            context.Request.Path = "/other";
            context.Request.RouteValues["a"] = 1;
            context.SetEndpoint(new Endpoint(null, null, "endpoint"));
            context.Response.StatusCode = 202;
            context.Response.Headers["X-B"] = "b";
            return context.Response.WriteAsync($"<{seen}>");
        }));
        var answer = await web.Say("GET /a?b HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\n\r\nGET /a?b HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.That(Marked(answer), Is.EqualTo("<0  1 /a?b  200 0  0><0   /c  200 0  0><0   /a?b  200 0  0>"));
    }

    [Test]
    public async Task Nor_what_it_has_said_of_the_connection()
    {
        await using var web = await Serve(static app => app.Run(static context =>
        {
            var seen = context.Connection.LocalPort;
            context.Connection.LocalPort = 1;
            return context.Response.WriteAsync($"<{seen}>");
        }));
        Assert.That(Marked(await web.Say(Gets(0, 3))), Is.EqualTo(string.Concat(Enumerable.Repeat($"<{web.Address.Port}>", 3))));
    }

    [Test]
    public async Task What_a_field_says_is_what_it_says_in_its_request()
    {
        await using var web = await Serve(static app => app.Run(static context => context.Response.WriteAsync($"<{context.Request.Host} {context.Request.Headers.UserAgent}>")));
        var answer = await web.Say("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: a\r\n\r\nGET / HTTP/1.1\r\nHost: y\r\n\r\nGET http://z/ HTTP/1.1\r\nHost: x\r\nUser-Agent: b\r\nUser-Agent: c\r\n\r\n");
        Assert.That(Marked(answer), Is.EqualTo("<x a><y ><z b,c>"));
    }

    private static string Gets(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(static n => $"GET /{n} HTTP/1.1\r\nHost: x\r\n\r\n"));

    private static string Numbers(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(static n => $"<{n}>"));

    // What stands in angle brackets, in its order.
    private static string Marked(string answer) => string.Concat(answer.Split('<').Skip(1).Select(static part => $"<{part[..(part.IndexOf('>', StringComparison.Ordinal) + 1)]}"));
}
