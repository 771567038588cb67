namespace Diesel.Reactive.Protocols.Http;

/// <summary>One request and its answer: where both sides are, and so what each may send. The same for a client and a server, who both
/// note what was sent by either.</summary>
/// <remarks>Source: the joint state machine of h11, whose two tables these are: what a side sends moves it, and where one side is
/// may move the other.</remarks>
public sealed class HttpExchange
{
    private const int Impossible = -1;

    private static readonly int States = Enum.GetValues<HttpState>().Length;
    private static readonly int Events = Enum.GetValues<HttpEvent>().Length;

    private static readonly sbyte[] Moves = Table(
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

    private static readonly (HttpState Client, HttpState Server, bool Proposed)[] Settled = AllSettled();

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
        var next = what == HttpEvent.Fault ? (int)HttpState.Error : Moves[Index(role, role == HttpRole.Client ? Client : Server, what)];
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

    // Looked up, as a server does this several times for each request.
    private void Settle()
    {
        var settled = Settled[Index(Client, Server, _proposed, KeepsAlive)];
        (Client, Server, _proposed) = (settled.Client, settled.Server, settled.Proposed);
    }

    private static int Index(HttpState client, HttpState server, bool proposed, bool keepsAlive) =>
        (((((int)client * States) + (int)server) * 2) + (proposed ? 1 : 0)) * 2 + (keepsAlive ? 1 : 0);

    private static (HttpState Client, HttpState Server, bool Proposed)[] AllSettled()
    {
        var all = new (HttpState, HttpState, bool)[States * States * 4];
        foreach (var client in Enum.GetValues<HttpState>())
        {
            foreach (var server in Enum.GetValues<HttpState>())
            {
                for (var said = 0; said < 4; said++)
                {
                    var (proposed, keepsAlive) = ((said & 2) != 0, (said & 1) != 0);

                    // Each step fits once at most, so the second is the last that changes something.
                    all[Index(client, server, proposed, keepsAlive)] = Step(Step((client, server, proposed), keepsAlive), keepsAlive);
                }
            }
        }

        return all;
    }

    private static (HttpState Client, HttpState Server, bool Proposed) Step((HttpState Client, HttpState Server, bool Proposed) at, bool keepsAlive) =>
        (at.Client, at.Server, at.Proposed, keepsAlive) switch
        {
            (HttpState.SendBody or HttpState.Done, HttpState.Idle, _, _) => (at.Client, HttpState.SendResponse, at.Proposed),
            (HttpState.Done, HttpState.SendResponse, true, _) => (HttpState.MightSwitch, at.Server, true),
            (HttpState.MightSwitch, HttpState.Switched, _, _) => (HttpState.Switched, at.Server, false),
            (HttpState.MightSwitch, HttpState.SendBody or HttpState.Done, _, _) => (HttpState.Done, at.Server, false),
            (HttpState.Done, _, _, false) => (HttpState.MustClose, at.Server, at.Proposed),
            (_, HttpState.Done, _, false) => (at.Client, HttpState.MustClose, at.Proposed),
            (HttpState.Closed, HttpState.Done or HttpState.Idle, _, _) => (at.Client, HttpState.MustClose, at.Proposed),
            (HttpState.Error, HttpState.Done, _, _) => (at.Client, HttpState.MustClose, at.Proposed),
            (HttpState.Done or HttpState.Idle, HttpState.Closed, _, _) => (HttpState.MustClose, at.Server, at.Proposed),
            (HttpState.Done, HttpState.Error, _, _) => (HttpState.MustClose, at.Server, at.Proposed),
            _ => at,
        };

    private static int Index(HttpRole role, HttpState state, HttpEvent what) => ((((int)role * States) + (int)state) * Events) + (int)what;

    private static sbyte[] Table((HttpRole Role, HttpState From, HttpEvent What, HttpState To)[] rows)
    {
        var table = new sbyte[2 * States * Events];
        table.AsSpan().Fill(Impossible);
        foreach (var (role, from, what, to) in rows)
        {
            table[Index(role, from, what)] = (sbyte)to;
        }

        return table;
    }
}
