namespace Diesel.Reactive.Tests;

public class OneTimeTokenTests
{
    private OneTimeToken _token;

    [Test]
    public void No_cancellation_is_lost_when_the_token_is_asked_for_at_the_same_time()
    {
        using var live = new Live();
        using var both = new Barrier(2);
        var (rounds, tokens) = (Live.IsSoak ? 1_000_000 : 50_000, new CancellationToken[1]);
        var asks = Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    both.SignalAndWait();
                    tokens[0] = _token.Token;
                    both.SignalAndWait();
                }
            },
            TaskCreationOptions.LongRunning);
        var lost = 0;
        for (var round = 0; round < rounds; round++)
        {
            _token = default;
            both.SignalAndWait();
            _token.Cancel(live.Hub, this);
            both.SignalAndWait();
            lost += tokens[0].IsCancellationRequested ? 0 : 1;
        }

        live.Await(asks);
        Assert.That(lost, Is.Zero);
    }

    [Test]
    public void What_its_callbacks_throw_is_reported_each_by_itself()
    {
        using var world = new World();
        var token = default(OneTimeToken);
        token.Token.Register(static () => throw new FormatException());
        token.Token.Register(static () => throw new ArithmeticException());
        token.Cancel(world.Hub, this);
        token.Cancel(world.Hub, this);
        Assert.That((world.Trouble, token.Token.IsCancellationRequested), Is.EqualTo(("ArithmeticException FormatException", true)));
    }
}
