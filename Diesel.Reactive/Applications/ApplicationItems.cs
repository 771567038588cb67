using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The items of an application: each is started when those it comes after are ready, and stopped when those that come after it have
/// stopped. The hub's thread only, once the application runs.</summary>
/// <param name="hub">Where they run.</param>
/// <param name="settled">Told when one more is ready.</param>
/// <param name="failed">Told why the application cannot become what it was to be.</param>
/// <param name="ended">Told when, after <see cref="Stop"/>, all have ended.</param>
internal sealed class ApplicationItems(Hub hub, Action settled, Action<Exception> failed, Action ended)
{
    private readonly List<ApplicationItem> _all = [];
    private readonly CompositeDisposable _readiness = [];
    private bool _hasBegun;
    private bool _isStopping;

    public AwaitableSource<Unit> Ready { get; } = new(hub, null, "the readiness of an application");

    /// <summary>Loops that have been started, and none is on its way.</summary>
    public bool AreOnlyLoops => _all.TrueForAll(static item => !item.IsService && item.State >= ApplicationItemState.Ready);

    public void Add(ApplicationItem item) => _all.Add(item);

    /// <summary>The services that come first, in the order in which they were added, on the caller's thread.</summary>
    /// <exception cref="ConnectionException">One cannot be started; those before it were stopped.</exception>
    public void StartFirst()
    {
        var started = new List<ApplicationItem>();
        try
        {
            foreach (var item in _all.Where(static item => item is { IsService: true, After.Count: 0 }).ToArray())
            {
                item.Start(hub);
                started.Add(item);
            }
        }
        catch
        {
            started.ForEach(static item => item.Stop());
            throw;
        }
    }

    /// <summary>The rest, each in its time.</summary>
    public void Begin()
    {
        _hasBegun = true;
        foreach (var item in _all.ToArray())
        {
            Begin(item);
        }

        TellIfReady();
    }

    /// <summary>One that was added while the application runs.</summary>
    public void Begin(ApplicationItem item)
    {
        if (!_hasBegun)
        {
            return;
        }

        if (_isStopping)
        {
            item.State = ApplicationItemState.Ended;
        }
        else if (item.State == ApplicationItemState.Starting)
        {
            AwaitReady(item);
        }
        else
        {
            StartIfDue(item);
        }
    }

    /// <summary>Stops all, in the reverse order.</summary>
    /// <param name="others">Loops that belong to no item.</param>
    public void Stop(RootLoops others)
    {
        _isStopping = true;
        _readiness.Dispose();
        foreach (var item in _all.Where(static item => item.State < ApplicationItemState.Ready))
        {
            item.IsNever(new OperationCanceledException($"The application stopped before '{item.Name}' was ready."));
        }

        Ready.TrySetException(new OperationCanceledException("The application stopped before it was ready."));
        var needed = _all.Where(item => item.Loop is not null && Dependents(item).Any()).Select(static item => item.Loop!).ToHashSet();
        others.EndAll(loop => loop.Dispose(), except: needed);
        foreach (var item in _all.ToArray())
        {
            StopIfDue(item);
        }

        EndIfEnded();
    }

    private IEnumerable<ApplicationItem> Dependents(ApplicationItem item) => _all.Where(other => other.After.Contains(item));

    private void StartIfDue(ApplicationItem item)
    {
        if (_isStopping || item.State != ApplicationItemState.Waiting || !item.After.All(static other => other.State == ApplicationItemState.Ready))
        {
            return;
        }

        try
        {
            item.Start(hub);
            AwaitReady(item);
        }
        catch (Exception error)
        {
            item.State = ApplicationItemState.Ended;
            Fail(item, error);
        }
    }

    private void AwaitReady(ApplicationItem item)
    {
        if (item.ReadyWhen is { } ready)
        {
            // Which of the two is first: a loop that has ended will not say that it is ready.
            var early = item.Loop is { } loop ? loop.Materialize().Select(end => EndedEarly(item, end.Exception)) : Observable.Never<Unit>();
            _readiness.Add(ready.Take(1).Merge(early).Take(1).Subscribe(
                _ => hub.Invoke(() => BecomeReady(item)),
                error => hub.Invoke(() => Fail(item, error))));
        }
        else if (item.IsService)
        {
            BecomeReady(item);
        }
        else
        {
            // Behind the loop's beginning.
            hub.Post(_ => BecomeReady(item), item);
        }
    }

    private static Unit EndedEarly(ApplicationItem item, Exception? error) =>
        throw error ?? new InvalidOperationException($"'{item.Name}' ended before it was ready, and others may wait for that: let it say that it is ready first.");

    private void BecomeReady(ApplicationItem item)
    {
        if (item.State != ApplicationItemState.Starting)
        {
            return;
        }

        item.IsReady();
        foreach (var dependent in Dependents(item).ToArray())
        {
            StartIfDue(dependent);
        }

        TellIfReady();
        settled();
    }

    private void TellIfReady()
    {
        if (!_isStopping && _all.TrueForAll(static item => item.State == ApplicationItemState.Ready))
        {
            Ready.TrySetResult(Unit.Default);
        }
    }

    private void Fail(ApplicationItem item, Exception error)
    {
        item.IsNever(error);
        failed(error);
    }

    private void StopIfDue(ApplicationItem item)
    {
        if (item.State >= ApplicationItemState.Stopping || Dependents(item).Any(static other => other.State != ApplicationItemState.Ended))
        {
            return;
        }

        if (item.State == ApplicationItemState.Waiting)
        {
            Ended(item);
            return;
        }

        // A service that cannot stop must not keep the others, and the program, from ending.
        Observable.Defer(() => item.Stop() ?? Observable.Empty<Unit>())
            .Catch((Exception error) =>
            {
                hub.Report(error, item.Name);
                return Observable.Empty<Unit>();
            })
            .Subscribe(static _ => { }, () => hub.Invoke(() => Ended(item)));
    }

    private void Ended(ApplicationItem item)
    {
        item.State = ApplicationItemState.Ended;
        foreach (var before in item.After)
        {
            StopIfDue(before);
        }

        EndIfEnded();
    }

    private void EndIfEnded()
    {
        if (_all.TrueForAll(static item => item.State == ApplicationItemState.Ended))
        {
            ended();
        }
    }
}
