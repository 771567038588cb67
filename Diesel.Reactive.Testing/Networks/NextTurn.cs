using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>Something to do in a coming turn, once, however often it is asked for meanwhile.</summary>
internal sealed class NextTurn(IHub hub, Action act)
{
    private bool _isAsked;

    public void Ask()
    {
        if (!_isAsked)
        {
            _isAsked = true;
            hub.Schedule(() =>
            {
                _isAsked = false;
                act();
            });
        }
    }
}
