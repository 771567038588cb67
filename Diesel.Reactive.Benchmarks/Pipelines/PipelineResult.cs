using System.Text.Json;

namespace Diesel.Reactive.Benchmarks.Pipelines;

/// <summary>What one peer did.</summary>
/// <param name="Rate">Calls a second.</param>
/// <param name="Cpu">Cores it used.</param>
/// <param name="BytesPerCall">Allocated.</param>
/// <param name="WritesPerTurn">Calls of <c>ITransport.Send</c>, in turns that have one; null: there are no turns.</param>
internal sealed record PipelineResult(double Rate, double Cpu, double BytesPerCall, double? WritesPerTurn)
{
    public static PipelineResult Parse(string line) => JsonSerializer.Deserialize<PipelineResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}
