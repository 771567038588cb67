namespace Diesel.Reactive;

/// <summary><see cref="RelayExtensions.RelayTo"/>: each subscription relays.</summary>
internal sealed class Relay(Connection client, Connection upstream) : Awaitable<RelayCounts>
{
    internal override Hub Home => client.Hub;

    public override IDisposable Subscribe(IObserver<RelayCounts> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Run(client, upstream, observer, ToString()).Begin();
    }

    public override string ToString() => $"the relay of {client} and {upstream}";

    private sealed class Run : HubAttempt<RelayCounts>
    {
        private readonly RelayDirection _forth;
        private readonly RelayDirection _back;
        private Exception? _error;
        private bool _owns;

        public Run(Connection client, Connection upstream, IObserver<RelayCounts> observer, string what)
            : base(client.Hub, observer, $"an end of {what}")
        {
            _forth = new RelayDirection(client, upstream) { Ended = Finish, Broken = Break };
            _back = new RelayDirection(upstream, client) { Ended = Finish, Broken = Break };
        }

        protected override void Start()
        {
            if ((Busy(_forth.From) ?? Busy(_back.From)) is { } busy)
            {
                Fail(new InvalidOperationException(
                    $"{busy} has a reader, is being upgraded, or its output was ended with OnCompleted: it cannot be relayed. Relay it before, or end the reader first."));
                return;
            }

            _owns = true;
            _forth.Start();
            _back.Start();
        }

        protected override void GiveUp()
        {
            Stop();
            if (_owns)
            {
                _forth.From.Abort();
                _back.From.Abort();
            }
        }

        protected override void Give(RelayCounts value, IObserver<RelayCounts> to) => to.OnNext(value);

        private static Connection? Busy(Connection connection) => connection.Life is var life
            && (life.Input.HasReader || life.IsUpgrading || (life.Output.IsCompleted && !life.IsOver)) ? connection : null;

        // One that is over already keeps the reason it has.
        private static void Close(Connection connection)
        {
            if (connection.Life.Output.Failure is null)
            {
                connection.Dispose();
            }
        }

        private void Finish(RelayDirection ended)
        {
            if (_error is not null)
            {
                Fail(ended.From, isWhole: true);
            }
            else if (_forth.IsDelivered && _back.IsDelivered)
            {
                Stop();
                _owns = false;
                Close(_forth.From);
                Close(_back.From);
                Succeed(new RelayCounts(_forth.Count, _back.Count));
            }
        }

        // Nothing more comes from one side, or nothing can be sent to it. If it had ended before, the other still gets all it said.
        private void Break(Connection failed, Exception error)
        {
            var isFirst = _error is null;
            _error ??= error;
            var (from, to) = _forth.From == failed ? (_forth, _back) : (_back, _forth);
            to.Dispose();
            if (from.HasEnded || !isFirst || !from.IsReading || !failed.Life.Input.HasEnded)
            {
                Fail(failed, from.HasEnded);
            }
        }

        private void Fail(Connection failed, bool isWhole)
        {
            var other = failed == _forth.From ? _back.From : _forth.From;
            Stop();
            _owns = false;
            Close(failed);
            if (isWhole)
            {
                Close(other);
            }
            else
            {
                other.Abort();
            }

            Fail(_error!);
        }

        private void Stop()
        {
            _forth.Dispose();
            _back.Dispose();
        }
    }
}
