using System.Net;
using System.Text;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Testing;
using Google.Protobuf;

namespace Diesel.Reactive.Tests;

/// <summary>A client and a node in memory, on the virtual network in virtual time; or a scripted node.</summary>
internal sealed class RiakPlay : IDisposable
{
    private readonly List<IDisposable> _ends = [];

    public RiakPlay(string more = "", RiakServiceOptions? service = null, RiakOptions? options = null)
    {
        Service = World.Starts(new RiakService(new IPEndPoint(World.Here, 8087), service, World.Hub));
        Service.State.Heard.Subscribe(heard => Heard.Add(heard.Message));
        Client = Dials(more, options);
    }

    public World World { get; } = new();

    public RiakService Service { get; }

    public RiakClient Client { get; }

    /// <summary>The requests that came.</summary>
    public List<IMessage> Heard { get; } = [];

    /// <summary>What happened to connections and nodes.</summary>
    public List<ClientEvent> Events { get; } = [];

    public static void Run(Func<RiakPlay, Task> loop, string more = "", RiakServiceOptions? service = null, RiakOptions? options = null)
    {
        using var play = new RiakPlay(more, service, options);
        play.World.Play(async () =>
        {
            await loop(play);
            play.Dispose();
        });
    }

    /// <summary>A client of a scripted node, which answers each frame that comes with bytes.</summary>
    /// <remarks>The answer takes the frames that came so far and the connection's number, from 0; gives what is sent, null: the connection is reset.</remarks>
    public static void Scripted(Func<int, int, byte[]?> answer, Func<RiakClient, World, Peers, Task> loop, string more = "", RiakOptions? options = null, bool silent = false)
    {
        using var world = new World();
        var accepted = 0;
        using var peers = world.Listens(8087, peer =>
        {
            var (number, frames, at) = (accepted++, 0, 0);
            world.Hub.Fork(async () =>
            {
                while (!silent && !peer.IsReset && !peer.HasEnded)
                {
                    await world.Hub.Sleep(TimeSpan.FromMilliseconds(1));
                    while (FrameIn(peer.Received, at) is { } length && !peer.IsReset)
                    {
                        at += length;
                        if (answer(++frames, number) is { } bytes)
                        {
                            peer.Sends(bytes);
                        }
                        else
                        {
                            peer.Resets();
                        }
                    }
                }
            });
        });
        world.Play(async () =>
        {
            using (var client = new RiakClient($"riak://{World.Here}/{more}", options, world.Hub))
            {
                await loop(client, world, peers);
            }

            peers.Dispose();
        });
    }

    public RiakClient Dials(string more = "", RiakOptions? options = null)
    {
        var client = new RiakClient($"riak://{World.Here}/{more}", options, World.Hub);
        _ends.Add(client);
        _ends.Add(client.Events.Subscribe(Events.Add));
        return client;
    }

    public static async Task<Exception> ErrorOf<T>(IObservable<T> call) => await Failure(call) ?? throw new AssertionException($"{call} has not failed.");

    /// <summary>Why a call failed; null: it did not.</summary>
    public static async Task<Exception?> Failure<T>(IObservable<T> call)
    {
        try
        {
            await call.LastOrDefaultAsync();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    /// <summary>A frame of a code and a body in hexadecimal digits.</summary>
    public static byte[] Frame(byte code, string body = "")
    {
        var bytes = Convert.FromHexString(body.Replace(" ", "", StringComparison.Ordinal));
        return [.. BitConverter.GetBytes(IPAddress.HostToNetworkOrder(bytes.Length + 1)), code, .. bytes];
    }

    /// <summary>A reply to a get: one value.</summary>
    public static byte[] Value(string value) => Frame(10, $"0a{value.Length + 2:x2}0a{value.Length:x2}{Convert.ToHexString(Encoding.ASCII.GetBytes(value))}");

    public void Dispose()
    {
        _ends.ForEach(static end => end.Dispose());
        _ends.Clear();
        Service.Stop().Subscribe();
    }

    private static int? FrameIn(string received, int at)
    {
        if (received.Length < at + 4)
        {
            return null;
        }

        var length = 4 + ((received[at] << 24) | (received[at + 1] << 16) | (received[at + 2] << 8) | received[at + 3]);
        return received.Length >= at + length ? length : null;
    }
}
