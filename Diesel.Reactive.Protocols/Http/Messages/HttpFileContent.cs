using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Part of an open file. Whoever sends it closes it; so it is sent once.</summary>
internal sealed record HttpFileContent(SafeFileHandle Handle, long Offset, long Count) : IDisposable
{
    public void Dispose() => Handle.Dispose();
}
