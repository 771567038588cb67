using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Parts of an open file, as a body. Whoever sends it closes it; so it is sent once.</summary>
internal sealed class HttpFileContent(SafeFileHandle handle, params HttpFilePiece[] pieces) : IDisposable
{
    /// <summary>How many bytes it is, with what stands between the parts.</summary>
    public long Length { get; } = pieces.Sum(static piece => piece.Before.Length + piece.Count);

    /// <summary>Queues it.</summary>
    public void SendOn(Connection connection)
    {
        foreach (var (before, offset, count) in pieces)
        {
            if (!before.IsEmpty)
            {
                connection.OnNext(before);
            }

            if (count > 0)
            {
                connection.SendFile(handle, offset, count).Subscribe(static _ => { }, static _ => { });
            }
        }
    }

    public void Dispose() => handle.Dispose();
}
