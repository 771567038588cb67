namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Finds the records of a name, and reads them. On the hub.</summary>
internal sealed class RecordRun<T>(ResolverCore core, DnsQuestion question, Func<DnsAnswer, T> read, IObserver<T> observer) : IObserver<DnsAnswer>, IDisposable
{
    private readonly TimeSpan _began = core.Memory.Now;
    private ChainRun? _asking;
    private bool _isOver;

    public RecordRun<T> Begin()
    {
        if (core.IsDisposed)
        {
            OnError(new ObjectDisposedException(nameof(Resolver)));
        }
        else if (core.Known.Never(question.Name) is { } never)
        {
            OnError(never);
        }
        else
        {
            _asking = new ChainRun(core.Memory, question, this);
            _asking.Begin();
        }

        return this;
    }

    public void OnNext(DnsAnswer value)
    {
        T result;
        try
        {
            result = read(value);
        }
        catch (DnsException error)
        {
            OnError(error);
            return;
        }

        _isOver = true;
        ResolverTelemetry.Record(question.Name, core.Memory.Now - _began, null);
        observer.OnNext(result);
        observer.OnCompleted();
    }

    public void OnError(Exception error)
    {
        if (!_isOver)
        {
            _isOver = true;
            ResolverTelemetry.Record(question.Name, core.Memory.Now - _began, error);
            observer.OnError(error);
        }
    }

    public void OnCompleted()
    {
    }

    public void Dispose() => _asking?.Dispose();
}
