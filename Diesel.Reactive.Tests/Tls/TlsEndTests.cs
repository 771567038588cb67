namespace Diesel.Reactive.Tests;

/// <summary>How a connection with TLS ends: said, cut, reset or changed on its way.</summary>
public class TlsEndTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void An_end_is_said_and_told_apart_from_a_cut()
    {
        var (connection, peer) = _world.WiresTls();
        var all = _world.Watch(peer.Read(Framing.UntilEnd()));
        _world.Do(() =>
        {
            connection.OnNext("all".ToBytes());
            connection.OnCompleted();
        });
        Assert.That(all.ToString(), Is.EqualTo("all |"));
    }

    [Test]
    public void A_cut_is_an_error_where_only_the_end_tells_that_all_is_there()
    {
        var (_, whole) = _world.CutShortTls();
        var (_, chunks) = _world.CutShortTls();
        var (_, lines) = _world.CutShortTls("A\r\n");
        var (_, body) = _world.CutShortTls();
        var all = _world.Watch(whole.Read(Framing.UntilEnd()));
        Assert.That(all.Error, Is.InstanceOf<TruncatedFrameException>().With.Message.Contains("close_notify"));
        Assert.That(_world.Watch(chunks).ToString(), Is.EqualTo("all #TruncatedFrameException"));
        Assert.That(_world.Watch(lines.UntilEol()).ToString(), Is.EqualTo("A |"));
        Assert.That(_world.Watch(body.Body(3)).ToString(), Is.EqualTo("all |"));
    }

    [Test]
    public void A_pipe_tells_a_cut_as_well()
    {
        var pipe = _world.CutShortTls().Peer.AsPipe().Input;
        var read = pipe.ReadAsync();
        _world.Passes(1);
        pipe.AdvanceTo(read.Result.Buffer.End);
        var more = pipe.ReadAsync();
        _world.Passes(1);
        Assert.That(async () => await more, Throws.InstanceOf<TruncatedFrameException>());
    }

    [Test]
    public void One_side_may_end_and_still_be_answered()
    {
        _world.ServesTls(static c => c.UntilEol().Count().Select(static n => $"{n} lines\r\n".ToBytes()));
        Assert.That(_world.AsksTls("a\r\n", "b\r\n").ToString(), Is.EqualTo("2 lines |"));
    }

    [Test]
    public void A_reset_is_told_as_one_behind_what_came_before()
    {
        var (connection, peer) = _world.WiresTls();
        _world.Do(() => connection.OnNext("A\r\n".ToBytes()));
        var lines = _world.Watch(peer.UntilEol());
        _world.Do(connection.Abort);
        Assert.That(lines.ToString(), Is.EqualTo("A #ConnectionException"));
    }

    [Test]
    public void A_record_that_was_changed_on_its_way_ends_the_connection()
    {
        var changes = false;
        _world.EchoesTls();
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 7, new() { Tls = Authority.Client, Layer = (below, _) => new Changing(below, () => changes) }, _world.Hub));
        changes = true;
        _world.Do(() => dial.Last.OnNext("A\r\n".ToBytes()));
        Assert.That(_world.Watch(dial.Last.UntilEol()).Error, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void The_end_of_a_handshake_that_was_changed_on_its_way_is_refused_and_the_client_told()
    {
        var sends = 0;
        _world.EchoesTls();
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 7, new() { Tls = Authority.Stranger, Layer = (below, _) => new Changing(below, () => ++sends > 1) }, _world.Hub));
        var lines = _world.Watch(dial.Last.UntilEol());
        Assert.That(lines.Error?.InnerException, Is.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.Refused));
        Assert.That(_world.Errors.Single().Exception, Is.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.Handshake));
    }

    // Flips a bit of what is sent, when it is told to.
    private sealed class Changing(ITransport below, Func<bool> changes) : ITransport
    {
        public System.Net.EndPoint LocalEndPoint => below.LocalEndPoint;

        public System.Net.EndPoint RemoteEndPoint => below.RemoteEndPoint;

        public long UntakenBytes => below.UntakenBytes;

        public void Start(ITransportHandler handler) => below.Start(handler);

        public void Receive() => below.Receive();

        public int Send(ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            copy[^1] ^= (byte)(changes() ? 1 : 0);
            return below.Send(copy);
        }

        public void ShutdownSend() => below.ShutdownSend();

        public void Close() => below.Close();

        public void Abort() => below.Abort();
    }
}
