namespace Diesel.Reactive.Tests;

/// <summary>What the system tells of files, on a hub.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FileChangesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("diesel-watch-").FullName;
    private readonly Live _live = new();

    public void Dispose()
    {
        _live.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void A_file_is_made_changed_renamed_and_deleted()
    {
        var path = Path.Join(_folder, "a");
        Assert.That(First(FileChanges.Watch(_folder, hub: _live.Hub), () => File.WriteAllText(path, "")), Is.EqualTo(new FileChange(FileChangeKind.Created, path)));
        Assert.That(First(FileChanges.Watch(_folder, hub: _live.Hub), () => File.WriteAllText(path, "x")).Kind, Is.EqualTo(FileChangeKind.Changed));
        Assert.That(First(FileChanges.Watch(_folder, hub: _live.Hub), () => File.Move(path, path + "b")), Is.EqualTo(new FileChange(FileChangeKind.Renamed, path + "b", path)));
        Assert.That(First(FileChanges.Watch(_folder, hub: _live.Hub), () => File.Delete(path + "b")), Is.EqualTo(new FileChange(FileChangeKind.Deleted, path + "b")));
    }

    [Test]
    public void One_file_is_watched_though_it_is_not_there_yet()
    {
        var path = Path.Join(_folder, "wanted");
        var change = First(FileChanges.Watch(path, hub: _live.Hub), () =>
        {
            File.WriteAllText(Path.Join(_folder, "other"), "x");
            File.WriteAllText(path, "x");
        });
        Assert.That(change, Is.EqualTo(new FileChange(FileChangeKind.Created, path)));
    }

    [Test]
    public void A_file_that_is_replaced_is_told_under_its_name()
    {
        var path = Path.Join(_folder, "settings");
        File.WriteAllText(path, "old");
        File.WriteAllText(path + ".new", "new");
        var change = First(FileChanges.Watch(path, hub: _live.Hub), () => File.Move(path + ".new", path, overwrite: true));
        Assert.That((change.Kind, change.Path), Is.EqualTo((FileChangeKind.Renamed, path)));
    }

    [Test]
    public void More_changes_than_the_hub_has_room_for_are_told_as_lost()
    {
        var told = new List<FileChange>();
        var lost = _live.Do(() => FileChanges.Watch(_folder, hub: _live.Hub).Do(told.Add).FirstAsync(static change => change.Kind == FileChangeKind.Lost).ToAwaitable().AsTask());
        _live.Do(() =>
        {
            for (var i = 0; i < 2500; i++)
            {
                File.OpenHandle(Path.Join(_folder, $"{i}"), FileMode.Create, FileAccess.Write).Dispose();
                File.Delete(Path.Join(_folder, $"{i}"));
            }

            // The system's threads tell on while the hub is busy.
            SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(300));
        });
        Assert.That(_live.Await(lost).Path, Is.EqualTo(_folder));
        Assert.That(told, Has.Count.LessThan(5000));
    }

    [Test]
    public void A_folder_that_is_not_there_is_an_error() => Assert.That(
        () => _live.Await(FileChanges.Watch("/no/such/folder/file", hub: _live.Hub).FirstAsync()),
        Throws.InstanceOf<DirectoryNotFoundException>().With.Message.EqualTo("There is no folder '/no/such/folder' to watch."));

    [Test]
    public void A_watch_ends_with_its_hub()
    {
        var change = _live.Do(() => FileChanges.Watch(_folder, hub: _live.Hub).FirstAsync().ToAwaitable().AsTask());
        _live.Hub.Dispose();
        Assert.That(() => _live.Await(change), Throws.InstanceOf<ObjectDisposedException>());
    }

    // Subscribed before the action runs.
    private FileChange First(IObservable<FileChange> changes, Action action)
    {
        var first = _live.Do(() => changes.FirstAsync().ToAwaitable().AsTask());
        action();
        return _live.Await(first);
    }
}
