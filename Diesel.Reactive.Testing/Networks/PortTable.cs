using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Testing;

/// <summary>The ports of a host for one protocol, and who has them.</summary>
internal sealed class PortTable
{
    private const int FirstFree = 40_000;
    private const int Last = 65_535;

    private readonly Dictionary<int, List<PortBinding>> _taken = [];
    private int _next = FirstFree;
    private int _turn;

    /// <summary>Takes a port; 0 takes one that is free.</summary>
    public SocketError Take(IPAddress address, int port, bool shared, object? owner, out PortBinding binding)
    {
        binding = new PortBinding(address, port == 0 ? NextFree() : port, shared, owner);
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

    private int NextFree()
    {
        for (var tried = FirstFree; tried <= Last; tried++)
        {
            var port = _next;
            _next = _next == Last ? FirstFree : _next + 1;
            if (!_taken.ContainsKey(port))
            {
                return port;
            }
        }

        return 0;
    }
}
