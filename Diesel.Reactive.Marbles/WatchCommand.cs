using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Diesel.Reactive.Inspector;
using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Marbles;

/// <summary>A page that shows files as they are edited, in an editor or on the page.</summary>
internal sealed class WatchCommand : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly string _marbles;
    private readonly CaseTests? _tests;
    private readonly LocalPage _page;
    private ImmutableArray<Channel<string>> _pages = [];

    /// <summary>Serves it until it is disposed.</summary>
    /// <param name="marbles">A folder, looked through to its depth, or one file.</param>
    /// <param name="tests">An assembly with <c>[MarbleFile]</c> tests, or null.</param>
    /// <param name="port">Of 127.0.0.1; 0: where there is room.</param>
    public WatchCommand(string marbles, string? tests, int port)
    {
        _marbles = marbles;
        _ = new MarbleFolder(marbles);
        _tests = tests is null ? null : File.Exists(tests) ? new CaseTests(tests) : throw new FileNotFoundException($"{tests}: there is no such assembly. Build the tests first.");
        using var markup = new StreamReader(typeof(WatchCommand).Assembly.GetManifestResourceStream("watch.html")!);
        _page = new LocalPage(markup.ReadToEnd(), port, Talk);
        _page.Hub.Fork(Watch);
    }

    /// <summary>Where it is, with its token.</summary>
    public Uri Address => _page.Address;

    public void Dispose() => _page.Dispose();

    private string PathOf(string name)
    {
        var folder = new MarbleFolder(_marbles);
        return folder.Names.Contains(name) ? folder.PathOf(name) : throw new FileNotFoundException($"{name}: there is no such file any more.");
    }

    // Looks, as watchers of file systems lose what editors do in two steps.
    private async Task Watch()
    {
        var known = new Dictionary<string, (DateTime, long)>();
        while (true)
        {
            if (!_pages.IsEmpty && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(_marbles))))
            {
                var folder = new MarbleFolder(_marbles);
                var now = folder.Names.ToDictionary(static name => name, name => (File.GetLastWriteTimeUtc(folder.PathOf(name)), new FileInfo(folder.PathOf(name)).Length));
                var isOther = !now.Keys.ToHashSet().SetEquals(known.Keys);
                var changed = now.Where(file => known.TryGetValue(file.Key, out var before) && before != file.Value).Select(static file => file.Key).ToList();
                known = now;
                foreach (var message in changed.Select(static name => new { t = "changed", name }).Cast<object>().Concat(isOther ? [Files()] : []))
                {
                    Tell(message);
                }
            }

            await _page.Hub.Sleep(Look);
        }
    }

    private async Task Talk(WebSocketConnection socket)
    {
        var page = Channel.CreateBounded<string>(100);
        ImmutableInterlocked.Update(ref _pages, static (all, one) => all.Add(one), page);
        try
        {
            await socket.Send(JsonSerializer.Serialize(Files()));
            _page.Hub.Fork(async () =>
            {
                await foreach (var message in page.Reader.ReadAllAsync())
                {
                    await socket.Send(message);
                }
            });
            while (true)
            {
                var message = await socket.Read();
                using var asked = JsonDocument.Parse(message.Text);
                await socket.Send(JsonSerializer.Serialize(await _page.Hub.Run(() => Answer(asked.RootElement))));
            }
        }
        catch (Exception)
        {
            // However it left.
        }
        finally
        {
            page.Writer.TryComplete();
            ImmutableInterlocked.Update(ref _pages, static (all, one) => all.Remove(one), page);
        }
    }

    private object Answer(JsonElement asked)
    {
        try
        {
            var name = asked.GetProperty("file").GetString()!;
            var path = PathOf(name);
            if (asked.TryGetProperty("text", out var typed))
            {
                return Write(name, path, typed.GetString()!, null);
            }

            if (asked.TryGetProperty("move", out var move))
            {
                var line = move.GetProperty("line").GetInt32();
                var (text, index) = MarbleMove.Move(File.ReadAllText(path), path, line, move.GetProperty("index").GetInt32(), move.GetProperty("ms").GetDouble());
                return Write(name, path, text, FormattableString.Invariant($"{line}:{index}"));
            }

            return WatchedFile.Of(name, path, File.ReadAllText(path), _tests);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or KeyNotFoundException or InvalidOperationException or MarbleFileException
            or BadImageFormatException or System.Reflection.ReflectionTypeLoadException)
        {
            return new { t = "wrong", text = wrong.Message };
        }
    }

    // What is wrong is shown, and not written.
    private object Write(string name, string path, string text, string? focus)
    {
        var shown = WatchedFile.Of(name, path, text, _tests, focus);
        if (text != File.ReadAllText(path) && IsRight(text, path))
        {
            File.WriteAllText(path, text);
        }

        return shown;
    }

    private static bool IsRight(string text, string path)
    {
        try
        {
            MarbleFile.Parse(text, path);
            return true;
        }
        catch (MarbleFileException)
        {
            return false;
        }
    }

    private object Files() => new { t = "files", names = new MarbleFolder(_marbles).Names, tested = _tests is not null };

    private void Tell(object message)
    {
        var text = JsonSerializer.Serialize(message);
        foreach (var page in _pages)
        {
            page.Writer.TryWrite(text);
        }
    }
}
