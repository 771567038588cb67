using System.Collections.Concurrent;
using System.Net;
using System.Reactive;
using System.Text;

namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>The server's side of all plans: services of this library.</summary>
internal sealed class StressServer
{
    const int MostPauses = 100;

    readonly Hub _hub;
    readonly int _seed;
    readonly ConcurrentDictionary<int, Account> _accounts;
    readonly TcpService _wide;
    readonly TcpService _narrow;
    int _sentWhilePending;

    public StressServer(Hub hub, int seed, ConcurrentDictionary<int, Account> accounts)
    {
        (_hub, _seed, _accounts) = (hub, seed, accounts);
        _wide = Start();
        _narrow = Start();
        ListeningSocket.TryNarrow(EndPoint(narrow: true));
    }

    public int ConnectionCount => _wide.ConnectionCount + _narrow.ConnectionCount;

    /// <summary>How often output was still pending when more was sent.</summary>
    public int SentWhilePending => _sentWhilePending;

    /// <summary>Where the connections have large buffers, or small ones that are soon full.</summary>
    public IPEndPoint EndPoint(bool narrow) => (IPEndPoint)(narrow ? _narrow.EndPoint : _wide.EndPoint);

    TcpService Start()
    {
        var service = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), Serve, new TcpServiceOptions
        {
            Socket = new() { Backlog = 4096 },
            CloseTimeout = TimeSpan.FromMinutes(1),
        });
        service.Start(_hub);
        return service;
    }

    async Task Serve(Connection connection)
    {
        Account? account = null;
        try
        {
            var header = await connection.Read(Framing.UntilEol());
            account = _accounts[int.Parse(Encoding.ASCII.GetString(header.Span), System.Globalization.CultureInfo.InvariantCulture)];
            await new Side(this, connection, account).Run();
        }
        catch (ConnectionException)
        {
            account?.ServerEnd = End.Reset;
        }
        catch (ProtocolException) when (account is null)
        {
            // A header that was cut off by a reset; its client blames the server if that was not the plan.
        }
        catch (EndOfStreamException) when (account is null)
        {
        }
        catch (Exception error)
        {
            account?.Blame($"the server failed: {error}");
            throw;
        }
        finally
        {
            account?.Progress();
            account?.ServerDone = true;
        }
    }

    sealed class Side(StressServer server, Connection connection, Account account) : IObserver<ReadOnlyMemory<byte>>
    {
        readonly Plan _plan = account.Plan;
        readonly Random _random = new(HashCode.Combine(server._seed, account.Plan.Id, "server"));
        readonly TaskCompletionSource _ended = new();
        int _pauses;

        bool Echoes => _plan.Deed is not (Deed.Source or Deed.Duplex or Deed.Sink);

        bool IsTurn => _plan.Deed is Deed.ServerCloses or Deed.ServerResets && account.ServerReceived >= _plan.Turn;

        public async Task Run()
        {
            var sending = _plan.ServerBytes > 0 || !Echoes ? Produce() : Task.CompletedTask;
            if (IsTurn)
            {
                TakeTurn();
            }
            else if (_plan.AwaitsFrames)
            {
                await ReadAll();
            }
            else
            {
                connection.Subscribe(this);
                await _ended.Task;
            }

            await sending;
        }

        async Task ReadAll()
        {
            while (await NextFrame() is { IsEmpty: false } frame)
            {
                Take(frame);
                if (_ended.Task.IsCompleted)
                {
                    return;
                }

                if (Echoes && _plan.AwaitsSends)
                {
                    await Output(frame);
                }
                else if (Echoes)
                {
                    _ = Output(frame);
                }

                if (IsTurn)
                {
                    TakeTurn();
                    return;
                }

                await PauseIfSlow();
            }

            OnCompleted();
        }

        // Chunks as they come, or frames of a size of our own, whose last one is as long as what is left.
        async Task<ReadOnlyMemory<byte>> NextFrame()
        {
            var left = _plan.ClientBytes - account.ServerReceived;
            try
            {
                return left == 0 || _random.Next(2) == 0 || _plan.Deed == Deed.ClientResets
                    ? await connection.Read(Framing.Chunk())
                    : await connection.Read(Framing.Bytes((int)Math.Min(left, _random.Next(1, _plan.MostPerWrite + 1))));
            }
            catch (EndOfStreamException)
            {
                return default;
            }
        }

        public void OnNext(ReadOnlyMemory<byte> chunk)
        {
            Take(chunk);
            if (Echoes)
            {
                _ = Output(chunk);
            }

            if (IsTurn && !_ended.Task.IsCompleted)
            {
                TakeTurn();
            }
            else if (_plan.ServerIsSlow && _pauses++ < MostPauses && _random.Next(4) == 0)
            {
                HoldAWhile();
            }
        }

        public void OnError(Exception error)
        {
            if (error is ConnectionException)
            {
                _ended.TrySetException(error);
            }
            else if (!_ended.Task.IsCompleted)
            {
                account.Blame($"the server's reader failed: {error.Message}");
                _ended.TrySetResult();
            }
        }

        public void OnCompleted()
        {
            account.ServerEnd = End.Fin;
            if (_plan.Deed == Deed.Sink)
            {
                _ = Output(BitConverter.GetBytes(account.ServerReceived));
            }

            if (Echoes || _plan.Deed == Deed.Sink)
            {
                connection.OnCompleted();
            }

            _ended.TrySetResult();
        }

        async Task Produce()
        {
            if (_plan.Deed == Deed.Sink)
            {
                return;
            }

            while (account.ServerSent < _plan.ServerBytes)
            {
                var count = (int)Math.Min(_random.Next(1, _plan.MostPerWrite + 1), _plan.ServerBytes - account.ServerSent);
                var sent = Output(Tape.OfServer(_plan.Id, account.ServerSent, count));
                if (_plan.AwaitsSends)
                {
                    await sent;
                    await PauseIfSlow();
                }
            }

            connection.OnCompleted();
        }

        void Take(ReadOnlyMemory<byte> chunk)
        {
            if (!Tape.Is(chunk.Span, Tape.OfClient, _plan.Id, account.ServerReceived))
            {
                account.Blame($"the server got wrong bytes at {account.ServerReceived}");
            }

            account.ServerReceived += chunk.Length;
            account.Progress();
        }

        Awaitable<Unit> Output(ReadOnlyMemory<byte> bytes)
        {
            if (connection.PendingBytes > 0)
            {
                server._sentWhilePending++;
            }

            account.ServerSent += bytes.Length;
            return connection.Send(bytes);
        }

        void TakeTurn()
        {
            account.ServerEnd = _plan.Deed == Deed.ServerResets ? End.Reset : End.Fin;
            _ended.TrySetResult();
            if (_plan.Deed == Deed.ServerResets)
            {
                connection.Abort();
            }
            else
            {
                connection.Dispose();
            }
        }

        async Task PauseIfSlow()
        {
            if (_plan.ServerIsSlow && _pauses++ < MostPauses)
            {
                await server._hub.Sleep(TimeSpan.FromMilliseconds(_random.Next(0, 10)));
            }
        }

        async void HoldAWhile()
        {
            using var hold = connection.Pause();
            await server._hub.Sleep(TimeSpan.FromMilliseconds(_random.Next(1, 10)));
        }
    }
}
