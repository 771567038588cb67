using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.Tests;

/// <summary>An application that does all that it should not: throws, aborts, never ends, ends twice, goes on behind its request.</summary>
internal sealed class UnrulyApplication(bool reuses)
{
    private readonly ConcurrentBag<WeakReference> _left = [];
    private readonly TaskCompletionSource _never = new();
    private int _running;

    /// <summary>What it can do, the first part of a path; most do nothing special.</summary>
    public static IReadOnlyList<string> Acts { get; } =
    [
        "plain", "plain", "plain", "plain", "yield", "pool", "late", "twice", "throw", "throw-starting", "throw-late", "throw-completed", "abort", "abort-late", "never", "outlive",
        "outlive-at-once", "read", "read-pool", "parallel", "cancel",
    ];

    /// <summary>How many requests it is at.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many requests are held by somebody.</summary>
    public int Living
    {
        get
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            return _left.Count(static each => each.IsAlive);
        }
    }

    /// <summary>What never ends does.</summary>
    public void End() => _never.TrySetResult();

    /// <summary>Does what the first part of the path says, and writes the second in angle brackets.</summary>
    public async Task Handle(HttpContext context)
    {
        Interlocked.Increment(ref _running);
        _left.Add(new WeakReference(reuses ? new object() : context.Features));
        try
        {
            var parts = context.Request.Path.Value!.Split('/');
            await Act(context, parts[1], $"<{parts[2]}>");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task Act(HttpContext context, string act, string text)
    {
        var response = context.Response;
        switch (act)
        {
            case "yield":
                await Task.Yield();
                await response.WriteAsync(text);
                break;
            case "pool":
                await Task.Run(() => response.WriteAsync(text));
                break;
            case "late":
                await response.StartAsync();
                await Task.Delay(1).ConfigureAwait(false);
                await response.WriteAsync(text[..2]);
                await response.WriteAsync(text[2..]);
                break;
            case "twice":
                await response.WriteAsync(text);
                await response.CompleteAsync();
                await response.CompleteAsync();
                await response.BodyWriter.CompleteAsync();
                break;
            case "throw":
                throw new InvalidOperationException("on purpose");
            case "throw-starting":
                response.OnStarting(static () => throw new InvalidOperationException("on purpose"));
                await response.WriteAsync(text);
                break;
            case "throw-late":
                await response.WriteAsync(text);
                await Task.Yield();
                throw new InvalidOperationException("on purpose");
            case "throw-completed":
                response.OnCompleted(static () => throw new InvalidOperationException("on purpose"));
                await response.WriteAsync(text);
                break;
            case "abort":
                context.Abort();
                break;
            case "abort-late":
                await response.WriteAsync(text);
                await Task.Yield();
                context.Abort();
                break;
            case "never":
                await Task.WhenAny(_never.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
                break;
            case "outlive":
                await Task.Yield();
                Outlive(context, text);
                await response.WriteAsync(text);
                break;
            case "outlive-at-once" when !reuses:
                Outlive(context, text);
                await response.WriteAsync(text);
                break;
            case "read":
                await context.Request.Body.CopyToAsync(Stream.Null);
                await response.WriteAsync(text);
                break;
            case "read-pool":
                await Task.Run(async () => await context.Request.BodyReader.ReadAsync());
                await response.WriteAsync(text);
                break;
            case "parallel":
                var (aborted, body) = (context.RequestAborted, context.Features.Get<IHttpResponseBodyFeature>()!);
                await Task.WhenAll(Task.Run(() => aborted.IsCancellationRequested), Task.Run(() => body.StartAsync()), Task.Run(() => context.Request.Headers.Host.ToString()));
                await response.WriteAsync(text);
                break;
            case "cancel":
                using (var cancelled = new CancellationTokenSource(0))
                {
                    await Task.Yield();
                    await response.WriteAsync(text, CancellationToken.None);
                    response.BodyWriter.CancelPendingFlush();
                }

                break;
            default:
                await response.WriteAsync(text);
                break;
        }
    }

    // As some do who forget to await: it goes on when the request is over, on the pool, with all that it has.
    private static void Outlive(HttpContext context, string text)
    {
        var (body, writer, request) = (context.Response.Body, context.Response.BodyWriter, context.Request.BodyReader);
        _ = Task.Run(async () =>
        {
            await Task.Delay(2);
            await Swallow(() => body.WriteAsync(Encoding.ASCII.GetBytes($"!{text}")).AsTask());
            await Swallow(() => writer.WriteAsync(Encoding.ASCII.GetBytes($"!{text}")).AsTask());
            await Swallow(() => context.Response.WriteAsync($"!{text}"));
            await Swallow(() => request.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(1)));
            await Swallow(() => Task.FromResult(context.RequestAborted.IsCancellationRequested));
        });
    }

    private static async Task Swallow(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception error) when (error is InvalidOperationException or ObjectDisposedException or OperationCanceledException or IOException or TimeoutException
            or NullReferenceException or BadHttpRequestException)
        {
            // It is too late for that.
        }
    }
}
