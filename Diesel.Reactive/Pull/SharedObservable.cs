using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;

namespace Diesel.Reactive;

/// <summary><see cref="ShareExtensions"/>.</summary>
internal class SharedObservable<T>(IObservable<T> source, Hub? hub) : IObservable<T>
{
    private readonly Lock _gate = new();
    private Sharing? _sharing;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        Member member;
        bool isFirst;
        lock (_gate)
        {
            isFirst = _sharing is null;
            member = new Member(_sharing ??= new Sharing(this), observer);
            member.Sharing.Members = [.. member.Sharing.Members, member];
        }

        if (isFirst)
        {
            member.Sharing.Begin(source);
        }

        return member;
    }

    public override string ToString() => Label.Of(source);

    private void Leave(Member member)
    {
        var sharing = member.Sharing;
        bool isLast;
        lock (_gate)
        {
            sharing.Members = [.. sharing.Members.Where(other => other != member)];
            isLast = sharing.Members.Length == 0 && _sharing == sharing;
            _sharing = isLast ? null : _sharing;
        }

        if (isLast)
        {
            sharing.Dispose();
        }
    }

    private Member[] TakeAll(Sharing sharing)
    {
        lock (_gate)
        {
            var all = sharing.Members;
            sharing.Members = [];
            _sharing = _sharing == sharing ? null : _sharing;
            return all;
        }
    }

    private void Report(Exception error) => Hub.Of(hub).Report(error, $"an observer of {this}");

    /// <summary>One subscription to the source.</summary>
    private sealed class Sharing(SharedObservable<T> shared) : IObserver<T>, IDisposable
    {
        private SingleAssignmentDisposableValue _source;

        public SharedObservable<T> Shared => shared;

        // A new array for each who comes or goes: an item is told to those who were there when it came.
        public Member[] Members { get; set; } = [];

        public void Begin(IObservable<T> source)
        {
            try
            {
                _source.Disposable = source.Subscribe(this);
            }
            catch
            {
                shared.TakeAll(this);
                throw;
            }
        }

        public void OnNext(T value)
        {
            foreach (var member in Members)
            {
                member.Tell(value);
            }
        }

        public void OnError(Exception error) => End(error, member => member.Observer.OnError(error));

        public void OnCompleted() => End(null, static member => member.Observer.OnCompleted());

        public void Dispose() => _source.Dispose();

        // Observers without an error handler throw what they are told; the source knows what that is worth, and is told once.
        private void End(Exception? error, Action<Member> tell)
        {
            var isThrown = false;
            foreach (var member in shared.TakeAll(this).Where(static member => !member.HasLeft))
            {
                try
                {
                    tell(member);
                }
                catch (Exception thrown) when (thrown == error)
                {
                    isThrown = true;
                }
                catch (Exception thrown)
                {
                    shared.Report(thrown);
                }
            }

            if (isThrown)
            {
                ExceptionDispatchInfo.Throw(error!);
            }
        }
    }

    private sealed class Member(Sharing sharing, IObserver<T> observer) : IDisposable
    {
        private volatile bool _left;

        public Sharing Sharing => sharing;

        public IObserver<T> Observer => observer;

        public bool HasLeft => _left;

        public void Tell(T value)
        {
            if (_left)
            {
                return;
            }

            try
            {
                observer.OnNext(value);
            }
            catch (Exception error)
            {
                Dispose();
                sharing.Shared.Report(error);
            }
        }

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                sharing.Shared.Leave(this);
            }
        }
    }
}

/// <summary>What is shared of a source that can be held.</summary>
internal sealed class SharedInput<T>(IObservable<T> source, IPausable input, Hub? hub) : SharedObservable<T>(source, hub ?? input.Hub), IPausable
{
    public Hub Hub => input.Hub;

    public IDisposable Pause() => input.Pause();
}
