#:project ../Diesel.Reactive.AspNetCore

// An ASP.NET Core application with something of everything that HTTP/1.1 knows, for programs that grade servers. Start it and ask:
// curl http://127.0.0.1:8089/info/x
using Diesel.Reactive;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

var builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Critical);
builder.WebHost.UseUrls($"http://127.0.0.1:{args.Port(8089)}");
builder.WebHost.UseDiesel();

var app = builder.Build();
Contract.Map(app);
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {new Uri(app.Urls.Single()).Authority}"));
app.Run();

static class Contract
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/", () => "hello");
        app.MapMethods("/echo", ["POST", "PUT", "PATCH"], async (HttpContext c) =>
        {
            using var body = new MemoryStream();
            await c.Request.Body.CopyToAsync(body);
            c.Response.ContentLength = body.Length;
            await c.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
        });
        app.Map("/info/{**rest}", (HttpContext c) => Text(c,
            $"method={c.Request.Method}\nscheme={c.Request.Scheme}\nhost={c.Request.Host}\npath={c.Request.Path.Value}\nquery={c.Request.QueryString}\n" +
            $"protocol={c.Request.Protocol}\nraw={c.Features.Get<IHttpRequestFeature>()!.RawTarget}\n" +
            $"canhavebody={c.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody}\n"));
        app.Map("/features", (HttpContext c) => Text(c, string.Join("\n", c.Features.Select(f => f.Key.FullName).Order())));
        app.Map("/context", (HttpContext c) => Text(c, $"sync={SynchronizationContext.Current?.GetType().Name} pool={Thread.CurrentThread.IsThreadPoolThread} scheduler={TaskScheduler.Current.GetType().Name}"));
        app.Map("/headers", (HttpContext c) => Text(c, string.Concat(c.Request.Headers.SelectMany(h => h.Value.Select(v => $"{h.Key}: [{v}]\n")))));
        app.MapMethods("/trailers-in", ["POST"], async (HttpContext c) =>
        {
            await c.Request.Body.CopyToAsync(Stream.Null);
            var t = c.Features.Get<IHttpRequestTrailersFeature>();
            await Text(c, t is not { Available: true } ? "none" : string.Concat(t.Trailers.SelectMany(h => h.Value.Select(v => $"{h.Key}: [{v}]\n"))));
        });
        app.MapMethods("/chunked", ["GET", "HEAD"], async (HttpContext c) =>
        {
            await c.Response.WriteAsync("hello ");
            await c.Response.Body.FlushAsync();
            await c.Response.WriteAsync("world");
        });
        app.MapGet("/trailers", async (HttpContext c) =>
        {
            c.Response.DeclareTrailer("X-Check");
            await c.Response.WriteAsync("body");
            if (c.Response.SupportsTrailers()) c.Response.AppendTrailer("X-Check", "yes");
        });
        app.MapGet("/nobody", (HttpContext c) => { c.Response.StatusCode = 204; });
        app.MapGet("/notmodified", (HttpContext c) => { c.Response.StatusCode = 304; c.Response.Headers.ETag = "\"1\""; });
        app.MapGet("/reset", (HttpContext c) => { c.Response.StatusCode = 205; });
        app.MapMethods("/early", ["GET", "POST"], (HttpContext c) => Text(c, "early"));
        app.MapMethods("/refuse", ["POST"], (HttpContext c) => { c.Response.StatusCode = 403; return Text(c, "refused"); });
        app.MapGet("/throw", string (HttpContext c) => throw new InvalidOperationException("thrown by the handler"));
        app.MapGet("/throw-late", async (HttpContext c) =>
        {
            await c.Response.WriteAsync("partial");
            await c.Response.Body.FlushAsync();
            throw new InvalidOperationException("thrown after the start");
        });
        app.MapGet("/short", async (HttpContext c) => { c.Response.ContentLength = 100; await c.Response.WriteAsync("only this"); });
        app.MapGet("/long", async (HttpContext c) => { c.Response.ContentLength = 3; await c.Response.WriteAsync("more than three"); });
        app.MapGet("/slow", async (HttpContext c) => { await Task.Delay(300); await Text(c, "slow"); });
        app.MapGet("/big", (HttpContext c) => Text(c, new string('x', 1 << 20)));
        app.MapGet("/abort", (HttpContext c) => { c.Abort(); });
        app.MapGet("/inject", (HttpContext c) => { c.Response.Headers["X-Evil"] = "a\r\nSet-Cookie: b=c"; return "injected"; });
        app.MapGet("/latebody", async (HttpContext c) => { c.Response.StatusCode = 204; await c.Response.WriteAsync("not allowed"); });
        app.MapGet("/sse", async (HttpContext c) =>
        {
            c.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                await c.Response.WriteAsync($"data: {i}\n\n");
                await c.Response.Body.FlushAsync();
                await Task.Delay(20);
            }
        });
        app.MapGet("/upgrade", async (HttpContext c) =>
        {
            var upgrade = c.Features.Get<IHttpUpgradeFeature>();
            if (upgrade is not { IsUpgradableRequest: true }) { await Text(c, "no upgrade"); return; }
            c.Response.Headers.Upgrade = "echo";
            await using var stream = await upgrade.UpgradeAsync();
            var buffer = new byte[4096];
            for (int n; (n = await stream.ReadAsync(buffer)) > 0;)
            {
                await stream.WriteAsync(buffer.AsMemory(0, n));
                await stream.FlushAsync();
            }
        });
        app.UseWebSockets();
        app.Map("/ws", async (HttpContext c) =>
        {
            if (!c.WebSockets.IsWebSocketRequest) { c.Response.StatusCode = 400; return; }
            using var ws = await c.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                DangerousEnableCompression = c.Request.Query.ContainsKey("deflate") || true,
            });
            var buffer = new byte[1 << 16];
            using var message = new MemoryStream();
            while (true)
            {
                System.Net.WebSockets.ValueWebSocketReceiveResult got;
                try { got = await ws.ReceiveAsync(buffer.AsMemory(), default); }
                catch (System.Net.WebSockets.WebSocketException) { return; }
                if (got.MessageType == System.Net.WebSockets.WebSocketMessageType.Close)
                {
                    await ws.CloseAsync(ws.CloseStatus ?? System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, ws.CloseStatusDescription, default);
                    return;
                }
                message.Write(buffer, 0, got.Count);
                if (got.EndOfMessage)
                {
                    await ws.SendAsync(message.GetBuffer().AsMemory(0, (int)message.Length), got.MessageType, true, default);
                    message.SetLength(0);
                }
            }
        });
    }

    private static Task Text(HttpContext c, string text)
    {
        c.Response.ContentType = "text/plain";
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        c.Response.ContentLength = bytes.Length;
        return c.Response.Body.WriteAsync(bytes).AsTask();
    }
}
