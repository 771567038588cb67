using System.Collections.Concurrent;
using System.Reactive.Linq;
using System.Text.Json;
using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Inspector;

/// <summary>One page that is open: what it shows, and what is to be told to it.</summary>
internal sealed class PageWatch(HubInspector inspector, WebSocketConnection socket)
{
    private const int MostWaiting = 2000;
    private const int MostShown = 8;

    // As often as the page is drawn anew: a snapshot of many connections is work for both sides.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<(LiveRow Row, LiveEvent Told)> _waiting = new();
    private readonly Lock _gate = new();
    private volatile HashSet<int> _shown = [];
    private volatile bool _follows = true;
    private readonly Event _told = new(inspector.Own);
    private int _isTold;
    private int _left;

    public bool Shows(int row) => _shown.Contains(row);

    /// <summary>A row is new: it is shown as long as there is room, from its first byte on.</summary>
    public void Opened(LiveRow row)
    {
        lock (_gate)
        {
            if (_follows && _shown.Count < MostShown)
            {
                _shown = [.. _shown, row.Id];
            }
        }
    }

    public void Tell(LiveRow row, LiveEvent told)
    {
        if (!Shows(row.Id))
        {
            return;
        }

        if (_waiting.Count < MostWaiting)
        {
            _waiting.Enqueue((row, told));
            if (Interlocked.Exchange(ref _isTold, 1) == 0)
            {
                _told.Set();
            }
        }
        else
        {
            Interlocked.Increment(ref _left);
        }
    }

    /// <summary>Talks until the page leaves.</summary>
    public async Task Run()
    {
        var own = Loop.Current!;
        Loop[] loops = [own.ForkChild(Listen), own.ForkChild(Tell), own.ForkChild(Show)];
        await First.Of(Array.ConvertAll(loops, static loop => loop.Ended));
    }

    // What is told goes out at once, and what comes within the next moment together. It does not wait for a snapshot, which a hub that stands still never gives.
    private async Task Tell()
    {
        while (true)
        {
            await _told.Wait();
            _told.Clear();
            Volatile.Write(ref _isTold, 0);
            await Send(Events());
            await inspector.Own.Sleep(Moment);
        }
    }

    private async Task Show()
    {
        while (true)
        {
            await Send(await Snapshot());
            await inspector.Own.Sleep(Pause);
        }
    }

    private async Task Listen()
    {
        while (true)
        {
            WebSocketMessage message;
            try
            {
                message = await socket.Read();
            }
            catch (Exception)
            {
                // However it left.
                return;
            }

            if (message.IsText)
            {
                await Do(message.Text);
            }
        }
    }

    private async Task Do(string text)
    {
        try
        {
            using var asked = JsonDocument.Parse(text);
            if (asked.RootElement.TryGetProperty("show", out var rows))
            {
                lock (_gate)
                {
                    _shown = [.. rows.EnumerateArray().Select(static row => row.GetInt32())];
                    _follows = asked.RootElement.TryGetProperty("follow", out var follows) && follows.ValueKind == JsonValueKind.True;
                }
            }
            else if (asked.RootElement.TryGetProperty("copy", out var id) && inspector.Row(id.GetInt32()) is { } row)
            {
                await Send(new { t = "test", id = row.Id, text = row.Test() });
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            // Not from our page.
        }
    }

    private async Task<object> Snapshot()
    {
        try
        {
            // Rx's operator: the time limit of an Awaitable is counted by its own hub, and that one may be what stands still.
            return PageState.Of(await Observable.Timeout(inspector.Hub.Snapshot(), Patience, inspector.Own), inspector.Rows);
        }
        catch (TimeoutException)
        {
            return new { t = "stuck" };
        }
        catch (ObjectDisposedException)
        {
            return new { t = "ended" };
        }
    }

    private object Events()
    {
        var events = new List<object>();
        while (events.Count < MostWaiting && _waiting.TryDequeue(out var next))
        {
            events.Add(new
            {
                id = next.Row.Id, name = next.Row.Name, isConnection = next.Row.IsConnection, lane = next.Told.Lane, ms = next.Told.Time.TotalMilliseconds, kind = next.Told.Kind.ToString(),
                text = next.Told.Spelling is { } spelling ? MarbleNotation.Of(spelling) : null, bytes = next.Told.Spelling?.Bytes.Length ?? 0,
            });
        }

        return new { t = "events", events, left = Interlocked.Exchange(ref _left, 0) };
    }

    private async Task Send(object what) => await socket.Send(JsonSerializer.Serialize(what));
}
