namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A question to a resolver: what is remembered comes at once, on any thread, without a turn of the hub.</summary>
internal sealed class RecordQuery(ResolverCore core, DnsQuestion question) : Awaitable<DnsReply>
{
    public override IDisposable Subscribe(IObserver<DnsReply> observer) =>
        new HubCold<DnsReply>(core.Hub, each => new RecordRun<DnsReply>(core, question, static answer => answer.ToReply(), each).Begin()).Subscribe(observer);

    public override string ToString() => $"{question.Type.Print()} of {question.Name}";

    protected override bool TryTake(out DnsReply value) => core.TryReply(question, out value);
}
