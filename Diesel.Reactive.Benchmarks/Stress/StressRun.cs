using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>Many connections at a time, each replaced by another when it is over, on one kind of loop; then the sums.</summary>
internal sealed class StressRun : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    readonly int _seed;
    readonly Hub _serverHub;
    readonly Hub _clientHub;
    readonly StressServer _server;
    readonly ConcurrentDictionary<int, Account> _open = new();
    readonly ConcurrentBag<Account> _over = [];
    readonly ConcurrentBag<string> _errors = [];
    int _started;
    volatile bool _stopping;

    public StressRun(bool portable, int seed)
    {
        _seed = seed;
        var options = new HubOptions { Portable = portable, SlowTurn = TimeSpan.FromSeconds(10) };
        (_serverHub, _clientHub) = (new Hub(options), new Hub(options));
        _serverHub.Errors.Subscribe(error => _errors.Add($"server hub, {error.Source}: {error.Exception}"));
        _clientHub.Errors.Subscribe(error => _errors.Add($"client hub, {error.Source}: {error.Exception}"));
        _server = new StressServer(_serverHub, seed, _open);
    }

    /// <summary>What was wrong; empty when every byte is accounted for and nothing is left open.</summary>
    public IReadOnlyList<string> Run(int connections, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < connections; i++)
        {
            _ = Worker();
        }

        while (clock.Elapsed < duration && !Stuck().Any())
        {
            Thread.Sleep(Glance);
            CloseAccounts();
        }

        _stopping = true;
        while (_open.Values.Any(IsOpen) && !Stuck().Any())
        {
            Thread.Sleep(Glance);
            CloseAccounts();
        }

        AwaitServer();
        return [.. Defects()];
    }

    public override string ToString()
    {
        var deeds = _over.GroupBy(account => account.Plan.Deed).OrderBy(deed => deed.Key).Select(deed => $"{deed.Key} {deed.Count()}");
        var unknown = _open.Values.Count(account => account.MayBeUnknownToServer && !account.ServerDone && account.Plan.Deed != Deed.Vanish);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
               {_started:N0} connections: {string.Join(", ", deeds)}
               clients sent {_over.Sum(a => a.ClientSent):N0} bytes, the server got {_over.Sum(a => a.ServerReceived):N0}
               the server sent {_over.Sum(a => a.ServerSent):N0} bytes, clients got {_over.Sum(a => a.ClientReceived):N0}
               (the differences are what resets and early closes threw away; every connection is checked by itself)
               output was still pending when more was sent: {_server.SentWhilePending:N0} times; reset before accepted: {unknown:N0}
             """);
    }

    public void Dispose()
    {
        _stopping = true;
        _clientHub.Dispose();
        _serverHub.Dispose();
    }

    async Task Worker()
    {
        while (!_stopping)
        {
            var plan = Plan.Draw(_seed, Interlocked.Increment(ref _started));
            var account = new Account(plan);
            _open[plan.Id] = account;
            try
            {
                await (plan.OverHub ? OnHub(account) : Task.Run(() => Client(account)));
            }
            catch (Exception error)
            {
                account.Blame($"the client failed: {error}");
            }

            account.ClientDone = true;
        }
    }

    Task OnHub(Account account)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _clientHub.Fork(() => Client(account)).Subscribe(static _ => { }, done.SetException, done.SetResult);
        return done.Task;
    }

    async Task Client(Account account)
    {
        var server = _server.EndPoint(account.Plan.Narrow);
        var wire = account.Plan.OverHub
            ? await HubWire.Connect(_clientHub, server)
            : await SocketWire.Connect(server, account.Plan.Narrow);
        account.Progress();
        await new StressClient(account, wire, _seed).Run();
    }

    void CloseAccounts()
    {
        foreach (var account in _open.Values.Where(account => account.ClientDone && (account.ServerDone || account.Plan.Deed == Deed.Vanish)))
        {
            account.Settle();
            _over.Add(account);
            _open.TryRemove(account.Plan.Id, out _);
        }
    }

    static bool IsOpen(Account account) => !account.ClientDone || !(account.ServerDone || account.MayBeUnknownToServer);

    IEnumerable<Account> Stuck() => _open.Values.Where(account => IsOpen(account) && account.SinceProgress > Patience);

    void AwaitServer()
    {
        var clock = Stopwatch.StartNew();
        while (_server.ConnectionCount > 0 && clock.Elapsed < Patience)
        {
            Thread.Sleep(Glance);
        }
    }

    IEnumerable<string> Defects()
    {
        CloseAccounts();
        return
        [
            .. _over.Where(account => account.Defect is not null).Select(account => $"mismatch: {account}"),
            .. _open.Values.Where(IsOpen).Select(account => $"stuck: {account}"),
            .. _errors,
            .. _server.ConnectionCount is > 0 and var left ? [$"the server still has {left} connections open"] : Array.Empty<string>(),
        ];
    }
}
