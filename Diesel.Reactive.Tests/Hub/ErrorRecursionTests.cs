namespace Diesel.Reactive.Tests;

public class ErrorRecursionTests
{
    [Test]
    public void Errors_sent_down_a_connection_that_overflows_end_it_and_nothing_else()
    {
        var wire = new Wire(new() { MaxPendingBytes = 1000 });
        wire.Hub.Errors.Subscribe(error => wire.Connection.OnNext(error.ToString().ToBytes()));
        wire.Peer.StopsReading();
        wire.Do(c => c.OnNext(new byte[100_000]));
        Assert.That((wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((true, nameof(SlowConsumerException))));
    }

    [Test]
    public void Errors_sent_down_a_disposed_connection_do_not_go_round()
    {
        var wire = new Wire();
        wire.Hub.Errors.Subscribe(error => wire.Connection.OnNext(error.ToString().ToBytes()));
        wire.Do(c => c.Dispose());
        wire.World.Do(() => wire.Hub.Fork((Action)(() => throw new FormatException())));
        Assert.That(wire.World.Trouble, Is.EqualTo(nameof(FormatException)));
    }
}
