using System.Reactive.Disposables;
using System.Runtime.InteropServices;
using System.Text;

namespace Diesel.Reactive;

/// <summary>A child's standard error, line by line. It is read whether somebody observes it or not, as a child whose errors nobody reads would
/// come to a halt; the last lines are kept. The hub's thread only.</summary>
internal sealed class ChildErrorLines : IObservable<string>, IObserver<ReadOnlyMemory<byte>>
{
    /// <summary>Of a longer line the rest is another one.</summary>
    public const int MostBytes = 16 * 1024;

    /// <summary>Lines that are kept.</summary>
    public const int MostKept = 100;

    private readonly Hub _hub;
    private readonly Queue<string> _kept = new();
    private readonly List<IObserver<string>> _observers = [];
    private readonly List<byte> _line = [];
    private bool _isOver;

    public ChildErrorLines(Hub hub) => _hub = hub;

    public IReadOnlyList<string> Kept => [.. _kept];

    // Those that are there come first.
    public IDisposable Subscribe(IObserver<string> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (!_hub.Invoke(() => Join(observer)))
        {
            observer.OnError(_hub.Ended());
        }

        return Disposable.Create(() => _hub.Invoke(() => _observers.Remove(observer)));
    }

    public void OnNext(ReadOnlyMemory<byte> value)
    {
        foreach (var each in value.Span)
        {
            if (each == (byte)'\n')
            {
                EndLine();
                continue;
            }

            _line.Add(each);
            if (_line.Count == MostBytes)
            {
                EndLine();
            }
        }
    }

    public void OnError(Exception error) => OnCompleted();

    public void OnCompleted()
    {
        if (_isOver)
        {
            return;
        }

        if (_line.Count > 0)
        {
            EndLine();
        }

        _isOver = true;
        foreach (var observer in _observers.ToArray())
        {
            UserCode.Run(_hub, this, observer.OnCompleted);
        }

        _observers.Clear();
    }

    public override string ToString() => "a child's errors";

    private void Join(IObserver<string> observer)
    {
        foreach (var line in _kept)
        {
            observer.OnNext(line);
        }

        if (_isOver)
        {
            observer.OnCompleted();
        }
        else
        {
            _observers.Add(observer);
        }
    }

    private void EndLine()
    {
        var bytes = CollectionsMarshal.AsSpan(_line);
        var line = Encoding.UTF8.GetString(bytes is [.. var rest, (byte)'\r'] ? rest : bytes);
        _line.Clear();
        if (_kept.Count == MostKept)
        {
            _kept.Dequeue();
        }

        _kept.Enqueue(line);
        foreach (var observer in _observers.ToArray())
        {
            UserCode.Run(_hub, this, () => observer.OnNext(line));
        }
    }
}
