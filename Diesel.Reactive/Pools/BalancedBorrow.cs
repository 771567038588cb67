using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Borrowing an item of whichever endpoint: of the one that is chosen, and when that has nothing to give, of the next.</summary>
internal sealed class BalancedBorrow<T>(BalancedCore<T> core, TimeSpan timeout) : Awaitable<Lease<T>>
{
    internal override Hub Home => core.Hub;

    public override IDisposable Subscribe(IObserver<Lease<T>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Attempt(core, timeout, observer).Begin();
    }

    public override string ToString() => $"borrowing of the {core}";

    private sealed class Attempt(BalancedCore<T> core, TimeSpan timeout, IObserver<Lease<T>> observer)
        : HubAttempt<Lease<T>>(core.Hub, observer, $"an item of the {core}")
    {
        private List<BalancedCore<T>.Member>? _tried;
        private readonly SerialDisposable _borrowing = new();
        private TimeSpan _begun;

        protected override void Start()
        {
            _begun = Hub.Elapsed;
            Try();
        }

        protected override void GiveUp() => _borrowing.Dispose();

        protected override void Give(Lease<T> value, IObserver<Lease<T>> to) => to.OnNext(value);

        // Each endpoint once, so it ends.
        private void Try(Exception? last = null)
        {
            if (core.IsOver)
            {
                Fail(new ObjectDisposedException(core.ToString(), $"The {core} was disposed: it lends nothing any more."));
                return;
            }

            if (core.Pick(_tried ?? []) is not { } member)
            {
                Fail(last ?? new InvalidOperationException($"The {core} has no endpoint."));
                return;
            }

            (_tried ??= []).Add(member);
            _borrowing.Disposable = member.Pool.Borrow(Left()).Subscribe(lease => Lent(member, lease), error => GoOn(member, error));
        }

        private void Lent(BalancedCore<T>.Member member, Lease<T> lease)
        {
            member.Connected();
            if (IsWanted)
            {
                Succeed(lease);
            }
            else
            {
                lease.Dispose();
            }
        }

        private void GoOn(BalancedCore<T>.Member member, Exception error)
        {
            if (!IsWanted)
            {
                return;
            }

            if (error is IOException or (TimeoutException and not PoolTimeoutException))
            {
                member.NotConnected();
            }

            if (Left() == TimeSpan.Zero && timeout != TimeSpan.Zero)
            {
                Fail(error);
            }
            else
            {
                Try(error);
            }
        }

        private TimeSpan Left()
        {
            var passed = Hub.Elapsed - _begun;
            return timeout == System.Threading.Timeout.InfiniteTimeSpan ? timeout : passed < timeout ? timeout - passed : TimeSpan.Zero;
        }
    }
}
