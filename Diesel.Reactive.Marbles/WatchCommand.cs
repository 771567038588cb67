using System.Text.Json;
using Diesel.Reactive.Inspector;
using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Marbles;

/// <summary>A page that shows files as they are edited, in an editor or on the page.</summary>
internal sealed class WatchCommand : IDisposable
{
    private const int MostWaiting = 100;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly string _marbles;
    private readonly CaseTests? _tests;
    private readonly LocalPage _page;
    private readonly FolderLook _look;
    private readonly Fanout<string> _told;

    /// <summary>Serves it until it is disposed.</summary>
    /// <param name="marbles">A folder, looked through to its depth, or one file.</param>
    /// <param name="tests">An assembly with <c>[MarbleFile]</c> tests, or null.</param>
    /// <param name="port">Of 127.0.0.1; 0: where there is room.</param>
    public WatchCommand(string marbles, string? tests, int port)
    {
        (_marbles, _look) = (marbles, new FolderLook(marbles));
        _ = new MarbleFolder(marbles);
        _tests = tests is null ? null : File.Exists(tests) ? new CaseTests(tests) : throw new FileNotFoundException($"{tests}: there is no such assembly. Build the tests first.");
        using var markup = new StreamReader(typeof(WatchCommand).Assembly.GetManifestResourceStream("watch.html")!);
        _page = new LocalPage(markup.ReadToEnd(), port, Talk);
        _told = new Fanout<string>(MostWaiting, Overflow.DropOldest, _page.Hub);
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

    private async Task Watch()
    {
        while (true)
        {
            await _page.Hub.Sleep(Look);
            if (_told.SubscriberCount > 0)
            {
                Tell();
            }
        }
    }

    private void Tell()
    {
        var (isOther, written) = _look.Again();
        foreach (var name in written)
        {
            _told.Publish(JsonSerializer.Serialize(new { t = "changed", name }));
        }

        if (isOther)
        {
            _told.Publish(JsonSerializer.Serialize(Files()));
        }
    }

    private async Task Talk(WebSocketConnection socket)
    {
        // What the page will ask for is no older than this look: all that is written later is told.
        Tell();
        using var told = _told.Open();
        try
        {
            await socket.Send(JsonSerializer.Serialize(Files()));
            _ = Loop.Current!.ForkChild(async () =>
            {
                while (true)
                {
                    await socket.Send(await told.Get());
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

    private object Files() => new { t = "files", names = _look.Names, tested = _tests is not null };
}
