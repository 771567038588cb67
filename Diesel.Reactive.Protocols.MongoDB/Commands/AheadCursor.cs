using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A cursor whose next batch is asked for when one has come: of the server it has one more than is taken.</summary>
internal sealed class AheadCursor(ICursorSource cursor) : ICursorSource
{
    private AwaitableSource<CursorBatch>? _next;
    private IDisposable? _asking;
    private CursorBatch? _came;

    public Awaitable<CursorBatch> First() => Asking(cursor.First());

    public Awaitable<CursorBatch> More(CursorBatch last)
    {
        var next = _next!;
        _next = null;
        return Asking(next);
    }

    public void Give(RawBson document) => cursor.Give(document);

    public void End(CursorBatch? rest)
    {
        _asking?.Dispose();
        cursor.End(rest is null ? null : _came ?? rest);
    }

    // When it is handed out, and not before: so there is never more than one that waits.
    private Awaitable<CursorBatch> Asking(IObservable<CursorBatch> batch) => batch.Do(Ask).ToAwaitable("a batch");

    private void Ask(CursorBatch batch)
    {
        _came = batch.WithoutDocuments();
        if (batch.Id == 0)
        {
            return;
        }

        var next = _next = new AwaitableSource<CursorBatch>("the next batch");
        _asking = cursor.More(_came).Subscribe(
            came =>
            {
                _came = came.WithoutDocuments();
                next.TrySetResult(came);
            },
            error => next.TrySetException(error));
    }
}
