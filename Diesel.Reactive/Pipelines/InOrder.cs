namespace Diesel.Reactive;

/// <summary><see cref="Correlation.InOrder{TReply}"/>.</summary>
internal sealed class InOrder<TReply>(Func<TReply, bool>? isPush) : Correlation<TReply>
{
    internal override bool CanForget => false;

    internal override Correlator<TReply> CreateCorrelator() => new Line(isPush);

    private sealed class Line(Func<TReply, bool>? isPush) : Correlator<TReply>(isPush)
    {
        public override Call<TReply>? Find(TReply reply, Call<TReply>? head) => head;

        public override Call<TReply>? Begun(Call<TReply>? head) => head;
    }
}
