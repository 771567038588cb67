using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>One watch: the system tells on its own threads, the observer is told on the hub.</summary>
internal sealed class FileWatch : IDisposable
{
    private const int MostWaiting = 4096;
    private const int MostPerTurn = 256;

    private readonly string _path;
    private readonly Hub _hub;
    private readonly IObserver<FileChange> _observer;
    private readonly FileSystemWatcher? _watcher;
    private readonly Lock _gate = new();
    private readonly Queue<FileChange> _waiting = new();
    private readonly IDisposable _owned = Disposable.Empty;
    private bool _isPosted;
    private bool _hasLost;
    private bool _isOver;

    public FileWatch(string path, bool includeSubfolders, Hub hub, IObserver<FileChange> observer)
    {
        (_path, _hub, _observer) = (path, hub, observer);
        var isFolder = Directory.Exists(path);
        var folder = isFolder ? path : Path.GetDirectoryName(path);
        if (!Directory.Exists(folder))
        {
            observer.OnError(new DirectoryNotFoundException($"There is no folder '{folder}' to watch."));
            return;
        }

        _watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = isFolder && includeSubfolders,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
        };
        if (!isFolder)
        {
            _watcher.Filter = Path.GetFileName(path);
        }

        _watcher.Created += (_, e) => Add(new FileChange(FileChangeKind.Created, e.FullPath));
        _watcher.Changed += (_, e) => Add(new FileChange(FileChangeKind.Changed, e.FullPath));
        _watcher.Deleted += (_, e) => Add(new FileChange(FileChangeKind.Deleted, e.FullPath));
        _watcher.Renamed += (_, e) => Add(new FileChange(FileChangeKind.Renamed, e.FullPath, e.OldFullPath));
        _watcher.Error += (_, e) => Fail(e.GetException());
        _owned = hub.Own(Disposable.Create(() => End(hub.Ended())));
        try
        {
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception error)
        {
            End(error);
        }
    }

    public override string ToString() => $"the watch of {_path}";

    public void Dispose()
    {
        _isOver = true;
        _owned.Dispose();
        _watcher?.Dispose();
    }

    private void Add(FileChange? change)
    {
        lock (_gate)
        {
            if (change is null || _waiting.Count == MostWaiting)
            {
                _hasLost = true;
            }
            else
            {
                _waiting.Enqueue(change);
            }

            if (_isPosted)
            {
                return;
            }

            _isPosted = true;
        }

        _hub.Post(static watch => ((FileWatch)watch!).Tell(), this);
    }

    private void Tell()
    {
        for (var told = 0; told < MostPerTurn; told++)
        {
            if (_isOver || Next() is not { } change)
            {
                return;
            }

            _observer.OnNext(change);
        }

        _hub.Post(static watch => ((FileWatch)watch!).Tell(), this);
    }

    private FileChange? Next()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var change))
            {
                return change;
            }

            if (_hasLost)
            {
                _hasLost = false;
                return new FileChange(FileChangeKind.Lost, _path);
            }

            _isPosted = false;
            return null;
        }
    }

    private void Fail(Exception error)
    {
        if (error is InternalBufferOverflowException)
        {
            Add(null);
        }
        else
        {
            _hub.Post(_ => End(error));
        }
    }

    private void End(Exception error)
    {
        if (!_isOver)
        {
            Dispose();
            _observer.OnError(error);
        }
    }
}
