namespace Diesel.Reactive.Tests;

/// <summary>Files as connections: real ones, below a folder of the test's.</summary>
[TestFixture(HubKind.Epoll)]
[TestFixture(HubKind.Virtual)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FileConnectionTests : IDisposable
{
    private readonly EndingHub _hub;
    private readonly string _folder = Directory.CreateTempSubdirectory("diesel-files-").FullName;

    public FileConnectionTests(HubKind kind) => _hub = new EndingHub(kind);

    private string Path => System.IO.Path.Join(_folder, "file");

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void A_file_is_read_with_any_framing()
    {
        File.WriteAllText(Path, "5\r\nhello\r\nrest");
        var read = Run(async () =>
        {
            using var file = await FileConnection.Open(Path, hub: _hub.Hub);
            var length = int.Parse(await file.Read(Framing.Lines()));
            var text = await file.Read(Framing.Bytes(length));
            await file.Read(Framing.Literal("\r\n"));
            return $"{text.ToText()} {(await file.Read(Framing.UntilEnd())).ToText()}";
        });
        Assert.That(read, Is.EqualTo("hello rest"));
    }

    [Test]
    public void It_is_read_when_somebody_reads_and_a_block_at_a_time()
    {
        File.WriteAllBytes(Path, new byte[10_000_000]);
        var chunks = Run(async () =>
        {
            using var file = await FileConnection.Open(Path, hub: _hub.Hub);
            var first = await file.ReadSome();
            await _hub.Hub.Sleep(TimeSpan.FromMilliseconds(20));
            File.WriteAllText(Path, "short");
            return $"{first.Length} {(await file.Select(static chunk => chunk.Length).Sum().ToAwaitable())}";
        });
        Assert.That(chunks, Is.EqualTo("65536 0"));
    }

    [TestCase(null, "new")]
    [TestCase(FileMode.Append, "old content, new")]
    [TestCase(FileMode.OpenOrCreate, "new content, ")]
    public void A_file_is_written(FileMode? mode, string content)
    {
        File.WriteAllText(Path, "old content, ");
        Run(async () =>
        {
            var file = await FileConnection.Open(Path, FileAccess.Write, mode, hub: _hub.Hub);
            await file.Send("new".ToBytes());
            file.Dispose();
            return "";
        });
        Assert.That(File.ReadAllText(Path), Is.EqualTo(content));
    }

    [Test]
    public void A_writer_waits_for_the_disk()
    {
        var most = Run(async () =>
        {
            using var file = await FileConnection.Open(Path, FileAccess.Write, hub: _hub.Hub);
            var most = 0L;
            for (var i = 0; i < 200; i++)
            {
                await file.Send(new byte[50_000]);
                most = Math.Max(most, file.PendingBytes);
            }

            return $"{most <= 50_000}";
        });
        Assert.That(most, Is.EqualTo("True"));
    }

    [Test]
    public void What_was_sent_is_written_when_it_is_closed()
    {
        Run(async () =>
        {
            var file = await FileConnection.Open(Path, FileAccess.Write, hub: _hub.Hub);
            for (var i = 0; i < 10; i++)
            {
                file.OnNext(new byte[100_000]);
            }

            file.Dispose();
            await _hub.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            return "";
        });
        Assert.That(() => new FileInfo(Path).Length, Is.EqualTo(1_000_000).After(5000, 5));
    }

    [Test]
    public void A_file_read_in_part_is_closed_without_the_rest()
    {
        File.WriteAllBytes(Path, new byte[100_000_000]);
        Run(async () =>
        {
            var file = await FileConnection.Open(Path, hub: _hub.Hub);
            await file.ReadSome();
            file.Dispose();
            await _hub.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            return "";
        });
        Assert.That(() => IsOpen(), Is.False.After(5000, 5));
    }

    [Test]
    public void A_file_is_read_and_written_in_place()
    {
        File.WriteAllText(Path, "abc");
        Run(async () =>
        {
            using var file = await FileConnection.Open(Path, FileAccess.ReadWrite, hub: _hub.Hub);
            var text = await file.Read(Framing.Bytes(3));
            await file.Send(text.ToUpper());
            return "";
        });
        Assert.That(() => File.ReadAllText(Path), Is.EqualTo("ABC").After(5000, 5));
    }

    [Test]
    public void What_is_not_there_is_an_error() => Assert.That(
        () => Run(async () => $"{await FileConnection.Open(Path, hub: _hub.Hub)}"), Throws.InstanceOf<FileNotFoundException>());

    [Test]
    public void A_folder_is_no_file() => Assert.That(
        () => Run(async () => $"{await FileConnection.Open(_folder, hub: _hub.Hub)}"), Throws.ArgumentException);

    [Test]
    public void What_is_sent_to_a_file_that_is_read_is_an_error()
    {
        File.WriteAllText(Path, "abc");
        Assert.That(
            () => Run(async () =>
            {
                using var file = await FileConnection.Open(Path, hub: _hub.Hub);
                await file.Send("x".ToBytes());
                return $"{await file.ReadSome()}";
            }),
            Throws.InstanceOf<ConnectionException>().With.Message.EndsWith(
                "cannot be written: It was opened to be read. Open it with FileAccess.Write, or ReadWrite."));
    }

    // Nobody else in the process has it open; elsewhere than on Linux nobody can tell.
    private bool IsOpen() => Directory.Exists("/proc/self/fd")
        && Directory.GetFiles("/proc/self/fd").Any(each => new FileInfo(each).LinkTarget == Path);

    private string Run(Func<Task<string>> program)
    {
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _hub.Hub.Fork(async () =>
        {
            try
            {
                done.SetResult(await program());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        for (var i = 0; i < 1000 && !done.Task.IsCompleted; i++)
        {
            _hub.Settle();
        }

        return done.Task.WaitAsync(Live.Patience).GetAwaiter().GetResult();
    }
}
