using System.Reactive;

namespace Diesel.Reactive;

/// <summary>A service or a loop of an application, as others depend on it.</summary>
public sealed class ApplicationItem
{
    private readonly IService? _service;
    private readonly LoopBody? _body;
    private readonly AwaitableSource<Unit> _ready;
    private readonly ApplicationItemOptions _options;
    private volatile ApplicationItemState _state;

    internal ApplicationItem(Application application, IService service, ApplicationItemOptions options)
        : this(application, options, options.Name ?? Label.Of(service)) => _service = service;

    internal ApplicationItem(Application application, LoopBody body, ApplicationItemOptions options)
        : this(application, options, options.Name ?? Label.Of(body.Name)) => _body = body;

    private ApplicationItem(Application application, ApplicationItemOptions options, string name)
    {
        (Application, _options, Name) = (application, options, name);
        _ready = new AwaitableSource<Unit>($"the readiness of {name}");
        if (options.After.FirstOrDefault(item => item.Application != application) is { } stranger)
        {
            throw new ArgumentException($"'{name}' cannot come after '{stranger.Name}', which belongs to another application.", nameof(options));
        }
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>How far it is. Any thread.</summary>
    public ApplicationItemState State { get => _state; internal set => _state = value; }

    /// <summary>Whether it is ready: one value once it is; an error if it never will be.</summary>
    public Awaitable<Unit> Ready => _ready;

    /// <summary>The loop, once it was started; null of a service.</summary>
    public Loop? Loop { get; private set; }

    internal Application Application { get; }

    internal bool IsService => _service is not null;

    internal IReadOnlyList<ApplicationItem> After => _options.After;

    internal IObservable<Unit>? ReadyWhen => _options.Ready;

    /// <summary>Its name and how far it is.</summary>
    public override string ToString() => $"{Name} ({State.ToString().ToLowerInvariant()})";

    internal void Start(Hub hub)
    {
        State = ApplicationItemState.Starting;
        if (_service is not null)
        {
            _service.Start(hub);
            return;
        }

        Loop = LoopStart.Start(hub, _body!, _options.Name);
        if (_options.KeepAlive is { } backoff)
        {
            Loop.KeepAlive(backoff, _options.RestartLimit);
        }
    }

    internal Awaitable<Unit>? Stop()
    {
        State = ApplicationItemState.Stopping;
        Loop?.Dispose();
        return _service?.Stop();
    }

    internal void IsReady()
    {
        State = ApplicationItemState.Ready;
        _ready.TrySetResult(Unit.Default);
    }

    internal void IsNever(Exception error) => _ready.TrySetException(error);
}
