using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Watches files.</summary>
public static class FileChanges
{
    /// <summary>Watches a file, or what is in a folder.</summary>
    /// <param name="path">A folder that is there; or a file in one, which need not be there.</param>
    /// <param name="includeSubfolders">Whether what is in its folders counts, too.</param>
    /// <param name="hub">Where it is told; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription watches, from then on, until it is unsubscribed. Never completes.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <remarks>
    /// <para>One change of a program's is often several of the system's: <c>Throttle</c> them. A file that was replaced by renaming another
    /// is told as <see cref="FileChangeKind.Renamed"/>, under its name. At most 4096 changes wait for the hub: past that, and where the
    /// system loses some, one <see cref="FileChangeKind.Lost"/> is told.</para>
    /// <para>Errors: <see cref="DirectoryNotFoundException"/>; <see cref="IOException"/>: the system watches no more (on Linux
    /// <c>fs.inotify.max_user_watches</c>); <see cref="ObjectDisposedException"/> when the hub ends. Scheduler: the hub.</para>
    /// </remarks>
    public static IObservable<FileChange> Watch(string path, bool includeSubfolders = false, Hub? hub = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var on = Hub.Of(hub);
        return Observable.Create<FileChange>(observer => new FileWatch(Path.GetFullPath(path), includeSubfolders, on, observer));
    }
}
