using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Another protocol on the connection: a WebSocket, say.</summary>
internal sealed class UpgradeFeature(HubRequest request) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => request.Http.Head is { ProposesUpgrade: true, Body.IsEmpty: true };

    public async Task<Stream> UpgradeAsync()
    {
        if (!IsUpgradableRequest)
        {
            throw new InvalidOperationException("This request proposes no other protocol.");
        }

        // The service answers what was not proposed with 500, and nobody would be told here.
        var protocol = request.Response.Headers.Upgrade.ToString();
        if (protocol.Length > 0 && !request.Http.Proposes(protocol))
        {
            throw new InvalidOperationException($"This request does not propose {protocol}.");
        }

        await request.Response.BeginUpgrade();
        var opened = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
        request.Response.Upgrade(opened);
        return await opened.Task;
    }
}
