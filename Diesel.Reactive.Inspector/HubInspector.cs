using System.Collections.Concurrent;
using System.Collections.Immutable;
using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Inspector;

/// <summary>What shows a hub in the browser: its page, and the connections and streams that it listens in on.</summary>
/// <remarks>Its members may be called from any thread.</remarks>
public sealed class HubInspector : IDisposable
{
    private readonly LocalPage _page;
    private readonly ConcurrentDictionary<int, LiveRow> _rows = [];
    private ImmutableArray<PageWatch> _watches = [];
    private int _lastRow;

    internal HubInspector(Hub hub, int port)
    {
        Hub = hub;
        _page = new LocalPage(Markup(), port, Talk);
    }

    /// <summary>Where the page is, with its token: open it in a browser on this machine.</summary>
    public Uri Address => _page.Address;

    /// <summary>How many pages are open.</summary>
    public int Watchers => _watches.Length;

    internal Hub Hub { get; }

    internal Hub Own => _page.Hub;

    internal IEnumerable<LiveRow> Rows => _rows.Values.OrderBy(static row => row.Id);

    /// <summary>Lets the page listen in on a connection; as <see cref="ConnectionOptions.Layer"/>, on each one.</summary>
    /// <param name="transport">Not started.</param>
    /// <param name="hub">Whose clock tells the times.</param>
    /// <returns>The same transport. What passes is copied only while a page shows it.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ITransport Tap(ITransport transport, Hub hub)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(hub);
        return new TappedTransport(transport, new LiveTape(Open($"{transport.LocalEndPoint} ⇄ {transport.RemoteEndPoint}", isConnection: true, hub)));
    }

    /// <summary>Ends the page. Connections and streams go on.</summary>
    public void Dispose() => _page.Dispose();

    internal LiveRow Open(string name, bool isConnection, Hub hub)
    {
        var row = new LiveRow(Interlocked.Increment(ref _lastRow), name, isConnection, hub, this);
        _rows[row.Id] = row;
        foreach (var watch in _watches)
        {
            watch.Opened(row);
        }

        return row;
    }

    internal void Close(LiveRow row) => _rows.TryRemove(row.Id, out _);

    internal void Tell(LiveRow row, LiveEvent told)
    {
        foreach (var watch in _watches)
        {
            watch.Tell(row, told);
        }
    }

    internal LiveRow? Row(int id) => _rows.GetValueOrDefault(id);

    /// <summary>Whether a page shows a row.</summary>
    internal bool IsShown(int row)
    {
        foreach (var watch in _watches)
        {
            if (watch.Shows(row))
            {
                return true;
            }
        }

        return false;
    }

    private async Task Talk(WebSocketConnection socket)
    {
        var watch = new PageWatch(this, socket);
        ImmutableInterlocked.Update(ref _watches, static (all, one) => all.Add(one), watch);
        try
        {
            await watch.Run();
        }
        finally
        {
            ImmutableInterlocked.Update(ref _watches, static (all, one) => all.Remove(one), watch);
        }
    }

    private static string Markup()
    {
        using var reader = new StreamReader(typeof(HubInspector).Assembly.GetManifestResourceStream("inspector.html")!);
        return reader.ReadToEnd();
    }
}
