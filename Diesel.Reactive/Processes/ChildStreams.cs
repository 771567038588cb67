using System.Net;

namespace Diesel.Reactive;

/// <summary>The two ends of a child's standard streams, until it has started: then its own ends are closed here, and this process's are
/// the transports' that were made of them.</summary>
internal sealed class ChildStreams : IDisposable
{
    private const int Nobody = -1;

    private readonly List<int> _open = [];
    private readonly (int Own, int Child) _input;
    private readonly (int Own, int Child) _output;
    private readonly (int Own, int Child)? _errors;

    public ChildStreams(ChildErrors errors)
    {
        try
        {
            _input = Open();
            _output = Open();
            _errors = errors == ChildErrors.Lines ? Open() : null;
        }
        catch
        {
            Dispose();
            throw;
        }

        ErrorDescriptor = errors switch
        {
            ChildErrors.Lines => _errors!.Value.Child,
            ChildErrors.WithOutput => _output.Child,
            ChildErrors.Discard => Nobody,
            _ => null,
        };
    }

    public int InputDescriptor => _input.Child;

    public int OutputDescriptor => _output.Child;

    public int? ErrorDescriptor { get; }

    /// <summary>Its input and output.</summary>
    public ITransport Transport(Hub hub, string child) => new ChildTransport(
        Adopt(hub, _output.Own, $"the output of {child}"), Adopt(hub, _input.Own, $"the input of {child}"), new ChildEndPoint("this process"), new ChildEndPoint(child));

    /// <summary>Its errors; null: they are not for this process.</summary>
    public ITransport? Errors(Hub hub, string child) => _errors is { } errors ? Adopt(hub, errors.Own, $"the errors of {child}") : null;

    public void Dispose() => _open.ForEach(ChildSystem.Close);

    private (int Own, int Child) Open()
    {
        var pair = ChildSystem.SocketPair();
        _open.AddRange([pair.Own, pair.Child]);
        return pair;
    }

    private ITransport Adopt(Hub hub, int descriptor, string what)
    {
        _open.Remove(descriptor);
        return (hub.Network as IAdoptsSockets ?? new SocketNetwork(hub)).Adopt(descriptor, new ChildEndPoint(what));
    }
}

/// <summary>An end that has a name and no address.</summary>
internal sealed class ChildEndPoint(string name) : EndPoint
{
    public override string ToString() => name;
}
