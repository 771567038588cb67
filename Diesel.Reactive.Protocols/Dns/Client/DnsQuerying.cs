namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A query that is sent for each who awaits it.</summary>
internal sealed class DnsQuerying(DnsClient client, DnsAsked asked) : Awaitable<DnsReply>
{
    public override IDisposable Subscribe(IObserver<DnsReply> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return ClientTelemetry.Activities.HasListeners() ? DnsSpan.Over(asked.Question, observer, Ask) : Ask(observer);
    }

    public override string ToString() => $"{asked.Question.Type.Print()} of {asked.Question.Name}";

    private IDisposable Ask(IObserver<DnsReply> observer)
    {
        if (client.Hub.IsCurrent)
        {
            var run = client.Run(asked, observer);
            run.Begin();
            return run;
        }

        var later = new Later(client, asked, observer);
        if (!client.Hub.Post(static later => ((Later)later!).Begin(), later))
        {
            observer.OnError(new ObjectDisposedException(client.ToString()));
        }

        return later;
    }

    // Asked for on another thread.
    private sealed class Later(DnsClient client, DnsAsked asked, IObserver<DnsReply> observer) : IDisposable
    {
        private DnsRun? _run;
        private bool _left;

        public void Begin()
        {
            if (!Volatile.Read(ref _left))
            {
                _run = client.Run(asked, observer);
                _run.Begin();
            }
        }

        public void Dispose()
        {
            Volatile.Write(ref _left, true);
            client.Hub.Within(() => _run?.Dispose());
        }
    }
}
