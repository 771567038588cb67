using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>The client's side of a plan.</summary>
internal sealed class StressClient(Account account, Wire wire, int seed)
{
    const int MostPauses = 100;

    readonly Plan _plan = account.Plan;
    readonly Random _writes = new(HashCode.Combine(seed, account.Plan.Id, "writes"));
    readonly Random _reads = new(HashCode.Combine(seed, account.Plan.Id, "reads"));
    bool _resetting;

    public async Task Run()
    {
        try
        {
            if (_plan.Deed == Deed.Vanish)
            {
                Reset();
                return;
            }

            await wire.Write(Encoding.ASCII.GetBytes($"{_plan.Id}\r\n"));
            await Task.WhenAll(Write(), Read());
        }
        catch (Exception error) when (error is SocketException or ConnectionException or ObjectDisposedException)
        {
            account.ClientEnd = End.Reset;
            if (_plan.Deed is not (Deed.ClientResets or Deed.ServerResets))
            {
                account.Blame($"the client lost its connection: {error.Message}");
            }
        }
        finally
        {
            wire.Dispose();
        }
    }

    async Task Write()
    {
        var end = _plan.Deed == Deed.ClientResets ? _plan.Turn : _plan.ClientBytes;
        while (account.ClientSent < end)
        {
            var count = (int)Math.Min(_writes.Next(1, _plan.MostPerWrite + 1), end - account.ClientSent);
            var bytes = Tape.OfClient(_plan.Id, account.ClientSent, count);
            account.ClientSent += count;
            await wire.Write(bytes);
            account.Progress();
            if (_plan.ClientIsSlow && _writes.Next(16) == 0)
            {
                await Pause(_writes);
            }
        }

        if (_plan.Deed == Deed.ClientResets)
        {
            await Pause(_writes);
            Reset();
        }
        else
        {
            wire.EndOutput();
        }
    }

    async Task Read()
    {
        for (var pauses = 0; ; pauses++)
        {
            if (_plan.ClientIsSlow && pauses < MostPauses)
            {
                await Pause(_reads);
            }

            var chunk = await wire.Read(_plan.ClientIsSlow ? _reads.Next(1, 16 * 1024) : int.MaxValue);
            if (chunk.IsEmpty)
            {
                account.ClientEnd = End.Fin;
                return;
            }

            Verify(chunk);
            account.ClientReceived += chunk.Length;
            account.Progress();
        }
    }

    // The end must be told to be seen: a reset that this side made ends the read with an error as well.
    void Reset()
    {
        _resetting = true;
        wire.Reset();
        account.ClientEnd = End.Reset;
    }

    void Verify(ReadOnlyMemory<byte> chunk)
    {
        var at = account.ClientReceived;
        var isRight = _plan.Deed switch
        {
            Deed.Sink => chunk.Span.SequenceEqual(BitConverter.GetBytes((long)_plan.ClientBytes).AsSpan((int)at, chunk.Length)),
            Deed.Source or Deed.Duplex => Tape.Is(chunk.Span, Tape.OfServer, _plan.Id, at),
            _ => Tape.Is(chunk.Span, Tape.OfClient, _plan.Id, at),
        };
        if (!isRight && !_resetting)
        {
            account.Blame($"the client got wrong bytes at {at}");
        }
    }

    Task Pause(Random random) => wire.Sleep(TimeSpan.FromMilliseconds(random.Next(1, 20)));
}
