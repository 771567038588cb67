using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>A server that is restarted again and again, and clients that come back: who was told what, who dialled when.</summary>
internal sealed class ComingBack(Hub clients, Hub servers, EndPoint at, ReconnectOptions reconnect)
{
    private readonly List<Caller> _callers = [];
    private readonly Random _random = new(7);
    private TcpService? _service;
    private bool _isOver;

    public int Asked { get; private set; }

    public int Answered { get; private set; }

    public int Failed { get; private set; }

    /// <summary>What nobody may see: a wrong answer, a call before it was prepared, a dial before its time.</summary>
    public List<string> Wrong { get; } = [];

    public int Dials { get; private set; }

    /// <summary>Where it listens.</summary>
    public EndPoint Server { get; private set; } = at;

    /// <summary>On the servers' hub.</summary>
    public void Begin()
    {
        _service = new TcpService(Server, Serve, new() { DrainTimeout = TimeSpan.FromMilliseconds(1), Socket = new() { Backlog = 4096 } }, servers);
        _service.Start();
        Server = _service.EndPoint;
    }

    /// <summary>On the servers' hub.</summary>
    public async Task Restart(TimeSpan down)
    {
        await _service!.Stop();
        await servers.Sleep(down);
        Begin();
    }

    /// <summary>On the clients' hub.</summary>
    public void Join(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var caller = new Caller(this, Server, reconnect, clients);
            _callers.Add(caller);
            clients.Fork(() => Call(caller));
        }
    }

    /// <summary>Calls that are under way come to their end; then nobody calls any more.</summary>
    public void Leave() => _isOver = true;

    public void Stop()
    {
        _callers.ForEach(static caller => caller.Dispose());
        _ = _service!.Stop().AsTask();
    }

    private async Task Call(Caller caller)
    {
        while (!_isOver)
        {
            await clients.Sleep(TimeSpan.FromSeconds(_random.NextDouble() * 2));
            var question = $"q{++Asked}";
            try
            {
                if (await caller.Ask(question) is var answer && answer != $"{question}!")
                {
                    Wrong.Add($"{question} was answered {answer}");
                }

                Answered++;
            }
            catch (Exception error) when (error is IOException or TimeoutException)
            {
                Failed++;
            }
        }
    }

    private async Task Serve(Connection connection)
    {
        var isFirst = true;
        while (true)
        {
            var line = await connection.Read(Framing.Lines());
            if (isFirst != (line == "hello"))
            {
                lock (Wrong)
                {
                    Wrong.Add($"{line} came {(isFirst ? "before" : "after")} its connection was prepared");
                }
            }

            isFirst = false;
            connection.OnNext($"{line}!\r\n".ToBytes());
        }
    }

    private sealed class Caller : Client
    {
        private DateTimeOffset? _notBefore;

        public Caller(ComingBack play, EndPoint server, ReconnectOptions reconnect, Hub hub)
            : base(server, new() { Reconnect = reconnect }, hub) => State.Subscribe(state => Note(play, state));

        public Awaitable<string> Ask(string question) => Call(connection => Ask(connection, question));

        protected override Task Prepare(Connection connection) => Ask(connection, "hello");

        private static async Task<string> Ask(Connection connection, string question)
        {
            connection.OnNext($"{question}\r\n".ToBytes());
            return await connection.Read(Framing.Lines());
        }

        private void Note(ComingBack play, ClientState state)
        {
            if (state.Phase == ClientPhase.Disconnected)
            {
                _notBefore = state.NextAttempt;
            }
            else if (state.Phase == ClientPhase.Connecting)
            {
                play.Dials++;

                // The wall clock may be set back a little meanwhile.
                if (_notBefore - Hub.Now > TimeSpan.FromMilliseconds(5))
                {
                    play.Wrong.Add($"dialled {_notBefore - Hub.Now} before its time");
                }
            }
        }
    }
}
