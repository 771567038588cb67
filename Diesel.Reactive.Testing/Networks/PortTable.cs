using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Testing;

/// <summary>The ports of a host for one protocol, and who has them.</summary>
internal sealed class PortTable
{
    private const int FirstFree = 40_000;
    private const int Last = 65_535;

    // Twice the longest life of a packet, as Linux counts it.
    private static readonly TimeSpan TimeWait = TimeSpan.FromSeconds(60);

    private readonly Dictionary<int, List<PortBinding>> _taken = [];
    private readonly Dictionary<(int Port, IPEndPoint Remote), TimeSpan> _held = [];
    private readonly Queue<(int Port, IPEndPoint Remote)> _oldest = new();
    private int _next = FirstFree;
    private int _turn;

    /// <summary>Takes a port; 0 takes one that is free.</summary>
    public SocketError Take(IPAddress address, int port, bool shared, object? owner, out PortBinding binding, Func<int, bool>? isUnfit = null)
    {
        binding = new PortBinding(address, port == 0 ? NextFree(isUnfit) : port, shared, owner);
        if (binding.Port == 0 || Conflicts(binding))
        {
            return SocketError.AddressAlreadyInUse;
        }

        if (!_taken.TryGetValue(binding.Port, out var present))
        {
            _taken.Add(binding.Port, present = []);
        }

        present.Add(binding);
        return SocketError.Success;
    }

    public void Release(PortBinding binding)
    {
        if (_taken.TryGetValue(binding.Port, out var present) && present.Remove(binding) && present.Count == 0)
        {
            _taken.Remove(binding.Port);
        }
    }

    /// <summary>A connection was closed here first: for a while its port does not lead to the same place again (TIME_WAIT).</summary>
    public void Hold(int port, IPEndPoint remote, TimeSpan now)
    {
        while (_oldest.TryPeek(out var oldest) && _held[oldest] <= now)
        {
            _held.Remove(_oldest.Dequeue());
        }

        if (_held.TryAdd((port, remote), now + TimeWait))
        {
            _oldest.Enqueue((port, remote));
        }
    }

    /// <summary>Whether a connection from a port to a place was closed a short while ago.</summary>
    public bool IsHeld(int port, IPEndPoint remote, TimeSpan now) => _held.TryGetValue((port, remote), out var until) && until > now;

    /// <summary>Who has a port: of several who share it, each in turn.</summary>
    public T? OwnerOf<T>(IPEndPoint endPoint)
        where T : class
    {
        var owners = _taken.TryGetValue(endPoint.Port, out var present)
            ? present.Where(b => b.Owner is T && b.Covers(endPoint.Address)).Select(static b => (T)b.Owner!).ToArray()
            : [];
        return owners.Length switch
        {
            0 => null,
            1 => owners[0],
            _ => owners[_turn++ % owners.Length],
        };
    }

    private bool Conflicts(PortBinding wanted) => _taken.TryGetValue(wanted.Port, out var present)
        && present.Any(taken => !(taken.Shared && wanted.Shared) && (taken.Covers(wanted.Address) || wanted.Covers(taken.Address)));

    private int NextFree(Func<int, bool>? isUnfit)
    {
        for (var tried = FirstFree; tried <= Last; tried++)
        {
            var port = _next;
            _next = _next == Last ? FirstFree : _next + 1;
            if (!_taken.ContainsKey(port) && isUnfit?.Invoke(port) != true)
            {
                return port;
            }
        }

        return 0;
    }
}
