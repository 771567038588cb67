using System.Diagnostics;
using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A query of which somebody wants to see how it went: the span <c>query A</c>.</summary>
internal sealed class DnsSpan : IObserver<DnsReply>, IDisposable
{
    private readonly IObserver<DnsReply> _observer;
    private readonly Activity? _activity;
    private int _isOver;

    private DnsSpan(IObserver<DnsReply> observer, DnsQuestion question)
    {
        _observer = observer;

        // Whoever awaits is not within it: neither now nor afterwards may it be the current one there.
        var before = Activity.Current;
        _activity = ClientTelemetry.Activities.StartActivity($"query {question.Type.Print()}", ActivityKind.Client);
        Activity.Current = before;
        _activity?.SetTag("dns.question.name", question.Name.ToString());
    }

    private IDisposable? Asking { get; set; }

    /// <summary>Asks, and says so.</summary>
    public static IDisposable Over(DnsQuestion question, IObserver<DnsReply> observer, Func<IObserver<DnsReply>, IDisposable> ask)
    {
        var span = new DnsSpan(observer, question);
        span.Asking = ask(span);
        return span;
    }

    // Before its caller goes on: who looks then finds it.
    public void OnNext(DnsReply value)
    {
        if (_activity is not null)
        {
            Tell(value);
            Stop(null);
        }

        _observer.OnNext(value);
    }

    public void OnError(Exception error)
    {
        Stop(error);
        _observer.OnError(error);
    }

    public void OnCompleted() => _observer.OnCompleted();

    public void Dispose()
    {
        Asking?.Dispose();
        Stop(new OperationCanceledException("Nobody waits for it any more."));
    }

    private void Tell(DnsReply reply)
    {
        if (reply.Server is IPEndPoint server)
        {
            _activity!.SetTag("server.address", server.Address.ToString()).SetTag("server.port", server.Port);
        }

        _activity!.SetTag("network.transport", reply.Transport == DnsTransport.Udp ? "udp" : "tcp").SetTag("dns.response.code", reply.ResponseCode.Print());
    }

    private void Stop(Exception? error)
    {
        if (_activity is null || Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return;
        }

        if (error is not null)
        {
            _activity.SetTag("error.type", error is DnsException no ? no.Code.Print() : error.GetType().FullName);
            _activity.SetStatus(ActivityStatusCode.Error, error.Message);
        }

        var before = Activity.Current;
        _activity.Stop();
        Activity.Current = before;
    }
}
