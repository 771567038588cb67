using System.Diagnostics;

namespace Diesel.Reactive.Protocols;

/// <summary>A call of which somebody wants to know how long it took, and how it ended.</summary>
/// <param name="call">Makes it for one who awaits it.</param>
/// <param name="site">Where it goes.</param>
/// <param name="operation">What it is called.</param>
/// <param name="batchSize">How many are sent together.</param>
/// <param name="text">What is asked, without any value; null: that is not told.</param>
internal sealed class MeasuredCall<T>(Func<Attempts?, Awaitable<T>> call, CallSite site, string operation, int batchSize, Func<string>? text) : IObservable<T>
{
    // Whoever awaits is not within it: neither before nor afterwards may it be the current one there.
    public IDisposable Subscribe(IObserver<T> observer)
    {
        var before = Activity.Current;
        var tags = site.Tags(operation, batchSize);
        var activity = ClientTelemetry.Activities.StartActivity(ActivityKind.Client, tags: tags, name: operation);
        Activity.Current = before;
        if (text is not null && activity?.IsAllDataRequested == true)
        {
            activity.SetTag("db.query.text", text());
        }

        var attempts = activity is null ? null : new Attempts(activity, tags);
        var run = new Run(observer, site, tags, activity, attempts);
        run.Subscription = call(attempts).Subscribe(run);
        return run;
    }

    private sealed class Run(IObserver<T> observer, CallSite site, TagList tags, Activity? activity, Attempts? attempts) : IObserver<T>, IDisposable
    {
        private readonly long _began = site.Clock.GetTimestamp();
        private int _over;

        public IDisposable? Subscription { get; set; }

        // Before its caller goes on: who looks then finds it.
        public void OnNext(T value)
        {
            End(null);
            observer.OnNext(value);
        }

        public void OnError(Exception error)
        {
            End(error);
            observer.OnError(error);
        }

        public void OnCompleted()
        {
            End(null);
            observer.OnCompleted();
        }

        public void Dispose()
        {
            Subscription?.Dispose();
            End(new OperationCanceledException("Nobody waits for it any more."));
        }

        private void End(Exception? error)
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
            {
                return;
            }

            var status = error is null ? null : site.StatusOf(error);
            if (error is not null)
            {
                Tell("error.type", status ?? error.GetType().FullName!);
            }

            if (status is not null)
            {
                Tell("db.response.status_code", status);
            }

            attempts?.End();
            ClientTelemetry.Duration.Record(site.Clock.GetElapsedTime(_began).TotalSeconds, tags);
            Stop(error, status);
        }

        private void Tell(string name, string value)
        {
            tags.Add(name, value);
            activity?.SetTag(name, value);
        }

        // A server may repeat what it was given: of its errors, no more is told than their code.
        private void Stop(Exception? error, string? status)
        {
            if (activity is null)
            {
                return;
            }

            if (error is not null)
            {
                activity.SetStatus(ActivityStatusCode.Error, status ?? error.Message);
            }

            var before = Activity.Current;
            activity.Stop();
            Activity.Current = before;
        }
    }
}
