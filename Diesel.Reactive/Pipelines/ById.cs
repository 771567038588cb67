namespace Diesel.Reactive;

/// <summary><c>Correlation.ById</c>.</summary>
/// <param name="idOf">The id of a reply.</param>
/// <param name="ids">Makes what makes ids, for one pipeline.</param>
/// <param name="isPush">Whether a value answers nobody.</param>
/// <param name="dropsUnasked">Whether a reply to nobody is dropped.</param>
internal sealed class ById<TReply, TId>(Func<TReply, TId> idOf, Func<Func<TId>> ids, Func<TReply, bool>? isPush, bool dropsUnasked) : Correlation<TReply>
    where TId : notnull
{
    // Beyond two for each that is taken: who counts up finds the next free one, who draws has tried often enough.
    private const int MoreAttempts = 256;

    internal override bool CanForget => true;

    internal override Correlator<TReply> CreateCorrelator() => new Ids(idOf, ids(), isPush, dropsUnasked);

    private sealed class Ids(Func<TReply, TId> idOf, Func<TId> newId, Func<TReply, bool>? isPush, bool dropsUnasked) : Correlator<TReply>(isPush)
    {
        private readonly Dictionary<TId, Call<TReply>> _calls = [];

        public override bool DropsUnasked => dropsUnasked;

        public override bool TryBegin(Call<TReply> call)
        {
            var identified = call as IIdentified<TId> ?? throw new InvalidOperationException(
                $"{Label.Of(call)} has no id, by which its reply could be told: implement IIdentified<{typeof(TId).Name}>.");
            for (var attempts = (2 * _calls.Count) + MoreAttempts; attempts > 0; attempts--)
            {
                var id = newId();
                if (_calls.TryAdd(id, call))
                {
                    identified.Id = id;
                    return true;
                }
            }

            return false;
        }

        public override void End(Call<TReply> call)
        {
            var id = ((IIdentified<TId>)call).Id;
            if (_calls.TryGetValue(id, out var known) && known == call)
            {
                _calls.Remove(id);
            }
        }

        public override Call<TReply>? Find(TReply reply, Call<TReply>? head) => _calls.GetValueOrDefault(idOf(reply));
    }
}
