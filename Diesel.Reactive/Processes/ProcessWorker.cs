using System.Buffers.Binary;
using System.Text;

namespace Diesel.Reactive;

/// <summary>The other side of a <see cref="ProcessPool"/>: answers its calls, in the process that was started for that.</summary>
public static class ProcessWorker
{
    /// <summary>Answers calls, one after the other, until the input ends; returns then.</summary>
    /// <param name="work">May block; what it throws is its caller's <see cref="RemoteException"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <remarks>For a program's main thread. Standard output is the pool's from now on: what the program prints goes to standard error.</remarks>
    public static void Serve(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using var output = StandardStreams.OpenOutput();
        using var input = StandardStreams.OpenInput();
        StandardStreams.PrintToErrors();
        Serve(input, output, work);
    }

    /// <summary>As the other, with text, which is UTF-8 on the way.</summary>
    /// <param name="work">As the other.</param>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    public static void Serve(Func<string, string> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Serve(request => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(work(Encoding.UTF8.GetString(request.Span))));
    }

    internal static void Serve(Stream input, Stream output, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> work)
    {
        foreach (var call in Calls(input))
        {
            output.Write(Answer(call, work).ToBytes().Span);
            output.Flush();
        }
    }

    private static WorkFrame Answer(WorkFrame call, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> work)
    {
        try
        {
            return new WorkFrame(call.Number, WorkKind.Result, work(call.Payload));
        }
        catch (Exception error)
        {
            return WorkFrame.Failure(call.Number, error);
        }
    }

    // Whoever has started this process is believed what it says.
    private static IEnumerable<WorkFrame> Calls(Stream input)
    {
        var prefix = new byte[WorkFrame.PrefixLength];
        while (input.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) == prefix.Length)
        {
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
            input.ReadExactly(frame);
            yield return WorkFrame.Read(frame);
        }
    }
}
