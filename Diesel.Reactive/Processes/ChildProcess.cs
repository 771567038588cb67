using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>A program that this one has started: its standard input and output are a connection, its standard error are lines.</summary>
/// <remarks>
/// <para>It has a process group of its own, and so has what it starts: Ctrl-C in a terminal does not reach it, and disposing it kills
/// all of them. It is disposed with its hub, and killed when this process ends in an orderly way. None is left as a zombie.</para>
/// <para>Its output is read as fast as somebody reads the connection: a child that is not read comes to a halt when the system's buffers
/// are full. Its standard streams are sockets, not pipes: a program that opens <c>/dev/stdin</c> by name cannot.</para>
/// <para>On Linux. Idea: diesel's <c>process</c> and bluelet's <c>multiprocessing</c> demo.</para>
/// </remarks>
public sealed class ChildProcess : IDisposable, IAsyncDisposable
{
    private readonly Hub _hub;
    private readonly ReapedChild _process;
    private readonly AwaitableSource<ChildExit> _exited;
    private readonly ChildErrorLines _errors;
    private readonly IDisposable _owned;
    private Connection? _errorStream;

    private ChildProcess(Hub hub, ChildCommand command, ChildStreams streams, ChildOptions options, int id)
    {
        (_hub, Program, Id) = (hub, command.Arguments[0], id);
        _exited = new AwaitableSource<ChildExit>(hub, null, $"the end of {this}");
        _errors = new ChildErrorLines(hub);
        _process = new ReapedChild(id, exit => new Exit(this, exit).Tell());
        Connection = Tcp.Over(streams.Transport(hub, ToString()), options.Connection, hub);
        ReadErrors(streams.Errors(hub, ToString()));
        _owned = hub.Own(this);
        ChildReaper.Add(_process);
    }

    /// <summary>What was started, as it was named.</summary>
    public string Program { get; }

    /// <summary>Its number among the system's processes, and that of its group.</summary>
    public int Id { get; }

    /// <summary>Its standard output to read and its standard input to write. The end of the output (<c>OnCompleted</c>) is the end of its
    /// input; what it does not read is lost.</summary>
    public Connection Connection { get; }

    /// <summary>What it writes to standard error, line by line: first the last lines that are there, then each as it comes; completes
    /// with the stream. Empty unless <see cref="ChildOptions.Errors"/> is <see cref="ChildErrors.Lines"/>.</summary>
    /// <remarks>It is read whether somebody observes it or not. UTF-8; lines over 16 KiB come in pieces. Scheduler: the hub.</remarks>
    public IObservable<string> Errors => _errors;

    /// <summary>The last lines of standard error, up to 100. On the hub's thread.</summary>
    public IReadOnlyList<string> LastErrors => _errors.Kept;

    /// <summary>How it has ended, once it has; its output may be unread then, or held open by what it has started.</summary>
    /// <remarks>Hot. An <c>await</c> resumes where it was awaited.</remarks>
    public Awaitable<ChildExit> Exited => _exited;

    /// <summary>Whether it has ended. Any thread.</summary>
    public bool HasExited => _exited.IsCompleted;

    /// <summary>Starts a program.</summary>
    /// <param name="program">A name, which is looked for in the folders of PATH, or a path.</param>
    /// <param name="arguments">Handed over as they are, no shell is between; null for none.</param>
    /// <param name="options">Folder, environment, standard error; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> starts one. It is the caller's to dispose.</returns>
    /// <exception cref="ArgumentException"><paramref name="program"/> is empty.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <remarks>Errors: <see cref="FileNotFoundException"/>, <see cref="UnauthorizedAccessException"/>, other <see cref="IOException"/>s: the
    /// system has no room for one more. It takes a millisecond of the hub's time.</remarks>
    public static Awaitable<ChildProcess> Start(string program, IEnumerable<string>? arguments = null, ChildOptions? options = null, Hub? hub = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Child processes are for Linux. Elsewhere use System.Diagnostics.Process, and Tcp.Over its streams.");
        }

        return new HubCall<ChildProcess>(Hub.Of(hub), on => StartHere(program, arguments, options ?? ChildOptions.Default, on), $"the start of {program}");
    }

    /// <summary>Sends a signal to it and to what it has started, as far as that is in its group. Any thread.</summary>
    /// <param name="signal">SIGTERM, …, or the system's number for it; 9 kills.</param>
    /// <returns>False: nobody is left.</returns>
    public bool Signal(PosixSignal signal) => _process.Signal(OsSignals.NumberOf(signal));

    /// <summary>Asks it to end (SIGTERM, and the end of its input), and kills it when it has not for a while.</summary>
    /// <param name="patience">How long it has; null: 5 s.</param>
    /// <returns>Hot: it is asked by the call itself. How it has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="patience"/> is negative.</exception>
    public Awaitable<ChildExit> Stop(TimeSpan? patience = null)
    {
        var wait = patience ?? TimeSpan.FromSeconds(5);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero, nameof(patience));
        Connection.OnCompleted();
        Signal(PosixSignal.SIGTERM);
        if (!HasExited)
        {
            var timer = _hub.StartTimer(wait, static process => ((ReapedChild)process!).Signal(ReapedChild.Kill), _process);
            _exited.Subscribe(_ => timer.Dispose());
        }

        return _exited;
    }

    /// <summary>Kills it and what it has started, as far as that is in its group, and lets go of its streams. Any thread.</summary>
    public void Dispose()
    {
        _owned?.Dispose();
        _process.Signal(ReapedChild.Kill);
        Connection.Abort();
        _errorStream?.Abort();
    }

    /// <summary>As <see cref="Dispose"/>, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _exited.AsTask().ConfigureAwait(false);
    }

    /// <summary>Its program and number, as errors show it.</summary>
    public override string ToString() => $"{Program} ({Id})";

    private static ChildProcess StartHere(string program, IEnumerable<string>? arguments, ChildOptions options, Hub hub)
    {
        if (hub.IsDisposed)
        {
            throw hub.Ended();
        }

        var command = new ChildCommand(program, arguments, options);
        using var streams = new ChildStreams(options.Errors);
        var id = ChildSystem.Spawn(
            command.ProgramPath, command.Arguments, command.Environment, command.WorkingDirectory, streams.InputDescriptor, streams.OutputDescriptor, streams.ErrorDescriptor);
        try
        {
            return new ChildProcess(hub, command, streams, options, id);
        }
        catch
        {
            var orphan = new ReapedChild(id, static _ => { });
            orphan.Signal(ReapedChild.Kill);
            ChildReaper.Add(orphan);
            throw;
        }
    }

    // Nothing is ever said on it.
    private void ReadErrors(ITransport? errors)
    {
        if (errors is null)
        {
            _errors.OnCompleted();
            return;
        }

        _errorStream = Tcp.Over(errors, hub: _hub);
        _errorStream.OnCompleted();
        _errorStream.Subscribe(_errors);
    }

    /// <summary>Its end, on the way to its hub; one that has ended does not keep those who wait.</summary>
    private sealed class Exit(ChildProcess child, ChildExit exit) : IHubWait
    {
        public void Tell()
        {
            if (!child._hub.Post(static e => ((Exit)e!).Set(), this))
            {
                Set();
            }
        }

        public void HubEnded(ObjectDisposedException error) => Set();

        private void Set() => child._exited.TrySetResult(exit);
    }
}
