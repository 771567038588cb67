using System.IO.Pipelines;

namespace Diesel.Reactive.Testing;

/// <summary>A scripted connection as a pipe. The output's completion is the FIN.</summary>
internal sealed class DuplexPipe(DuplexEnd end) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(new DuplexStream(end, static () => { }));

    public PipeWriter Output { get; } = PipeWriter.Create(new DuplexStream(end, end.SendFin));
}
