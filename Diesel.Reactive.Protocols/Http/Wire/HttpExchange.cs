namespace Diesel.Reactive.Protocols.Http;

/// <summary>One request and its answer: where both sides are, and so what each may send. The same for a client and a server, who both
/// note what was sent by either.</summary>
/// <remarks>Source: the joint state machine of h11, whose two tables these are: what a side sends moves it, and where one side is
/// may move the other.</remarks>
public sealed class HttpExchange
{
    private const int Impossible = -1;

    private static readonly sbyte[,,] Moves = Table(
    [
        (HttpRole.Client, HttpState.Idle, HttpEvent.Request, HttpState.SendBody),
        (HttpRole.Client, HttpState.SendBody, HttpEvent.Data, HttpState.SendBody),
        (HttpRole.Client, HttpState.SendBody, HttpEvent.End, HttpState.Done),
        (HttpRole.Client, HttpState.Idle, HttpEvent.Close, HttpState.Closed),
        (HttpRole.Client, HttpState.Done, HttpEvent.Close, HttpState.Closed),
        (HttpRole.Client, HttpState.MightSwitch, HttpEvent.Close, HttpState.Closed),
        (HttpRole.Client, HttpState.MustClose, HttpEvent.Close, HttpState.Closed),
        (HttpRole.Client, HttpState.Closed, HttpEvent.Close, HttpState.Closed),

        // Idle: a refusal of what is no request.
        (HttpRole.Server, HttpState.Idle, HttpEvent.Response, HttpState.SendBody),
        (HttpRole.Server, HttpState.SendResponse, HttpEvent.Interim, HttpState.SendResponse),
        (HttpRole.Server, HttpState.SendResponse, HttpEvent.Response, HttpState.SendBody),
        (HttpRole.Server, HttpState.SendResponse, HttpEvent.Switch, HttpState.Switched),
        (HttpRole.Server, HttpState.SendBody, HttpEvent.Data, HttpState.SendBody),
        (HttpRole.Server, HttpState.SendBody, HttpEvent.End, HttpState.Done),
        (HttpRole.Server, HttpState.Idle, HttpEvent.Close, HttpState.Closed),
        (HttpRole.Server, HttpState.Done, HttpEvent.Close, HttpState.Closed),
        (HttpRole.Server, HttpState.MustClose, HttpEvent.Close, HttpState.Closed),
        (HttpRole.Server, HttpState.Closed, HttpEvent.Close, HttpState.Closed),
    ]);

    private bool _proposed;

    /// <summary>Where the client is.</summary>
    public HttpState Client { get; private set; }

    /// <summary>Where the server is.</summary>
    public HttpState Server { get; private set; }

    /// <summary>Whether another exchange may follow on the connection.</summary>
    public bool KeepsAlive { get; private set; } = true;

    /// <summary>Both messages are whole, and the next exchange may begin: <see cref="TryBeginNext"/>.</summary>
    public bool IsDone => Client == HttpState.Done && Server == HttpState.Done;

    /// <summary>Notes what a side has sent.</summary>
    /// <param name="role">Which side.</param>
    /// <param name="what">What it has sent.</param>
    /// <returns>False: it may not be sent there, and nothing was noted.</returns>
    public bool TryNote(HttpRole role, HttpEvent what)
    {
        var next = what == HttpEvent.Fault ? (int)HttpState.Error : Moves[(int)role, (int)(role == HttpRole.Client ? Client : Server), (int)what];
        if (next == Impossible || (what == HttpEvent.Switch && !_proposed))
        {
            return false;
        }

        if (role == HttpRole.Client)
        {
            Client = (HttpState)next;
        }
        else
        {
            Server = (HttpState)next;
        }

        Settle();
        return true;
    }

    /// <summary>The request proposes another protocol: Upgrade, or CONNECT.</summary>
    public void Propose()
    {
        _proposed = true;
        Settle();
    }

    /// <summary>One of the two has said that this is the last exchange of the connection.</summary>
    public void EndKeepAlive()
    {
        KeepsAlive = false;
        Settle();
    }

    /// <summary>Begins the next exchange.</summary>
    /// <returns>False: this one is not over, or was the last.</returns>
    public bool TryBeginNext()
    {
        if (!IsDone)
        {
            return false;
        }

        (Client, Server, _proposed) = (HttpState.Idle, HttpState.Idle, false);
        return true;
    }

    /// <summary>Where both are.</summary>
    public override string ToString() => $"client {Client}, server {Server}";

    // Each step fits once at most, so the second pass is the last that changes something.
    private void Settle()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            var before = (Client, Server, _proposed);
            (Client, Server, _proposed) = (Client, Server, _proposed, KeepsAlive) switch
            {
                (HttpState.SendBody or HttpState.Done, HttpState.Idle, _, _) => (Client, HttpState.SendResponse, _proposed),
                (HttpState.Done, HttpState.SendResponse, true, _) => (HttpState.MightSwitch, Server, true),
                (HttpState.MightSwitch, HttpState.Switched, _, _) => (HttpState.Switched, Server, false),
                (HttpState.MightSwitch, HttpState.SendBody or HttpState.Done, _, _) => (HttpState.Done, Server, false),
                (HttpState.Done, _, _, false) => (HttpState.MustClose, Server, _proposed),
                (_, HttpState.Done, _, false) => (Client, HttpState.MustClose, _proposed),
                (HttpState.Closed, HttpState.Done or HttpState.Idle, _, _) => (Client, HttpState.MustClose, _proposed),
                (HttpState.Error, HttpState.Done, _, _) => (Client, HttpState.MustClose, _proposed),
                (HttpState.Done or HttpState.Idle, HttpState.Closed, _, _) => (HttpState.MustClose, Server, _proposed),
                (HttpState.Done, HttpState.Error, _, _) => (HttpState.MustClose, Server, _proposed),
                _ => before,
            };
            if ((Client, Server, _proposed) == before)
            {
                return;
            }
        }
    }

    private static sbyte[,,] Table((HttpRole Role, HttpState From, HttpEvent What, HttpState To)[] rows)
    {
        var table = new sbyte[2, Enum.GetValues<HttpState>().Length, Enum.GetValues<HttpEvent>().Length];
        foreach (ref var cell in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref table[0, 0, 0], table.Length))
        {
            cell = Impossible;
        }

        foreach (var (role, from, what, to) in rows)
        {
            table[(int)role, (int)from, (int)what] = (sbyte)to;
        }

        return table;
    }
}
