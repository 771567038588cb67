using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Reads answers of HTTP/1.1 one after the other, bodies with a length and in chunks.</summary>
internal sealed class AnswerReader(Stream stream) : IDisposable
{
    /// <summary>The message of who found no answer at all.</summary>
    public const string Nothing = "The server has ended between two answers.";

    private readonly byte[] _buffer = new byte[8192];
    private int _at;
    private int _end;
    private bool _isBetween;

    /// <summary>The next one.</summary>
    /// <exception cref="EndOfStreamException">The server has ended, or cut it off.</exception>
    public async Task<(int Status, string Body)> Read()
    {
        _isBetween = true;
        var status = int.Parse((await Line()).Split(' ')[1], CultureInfo.InvariantCulture);
        var (length, isChunked) = (0, false);
        while (await Line() is { Length: > 0 } field)
        {
            length = field.StartsWith("Content-Length: ", StringComparison.Ordinal) ? int.Parse(field.AsSpan(16), CultureInfo.InvariantCulture) : length;
            isChunked |= field == "Transfer-Encoding: chunked";
        }

        return (status, isChunked ? await Chunks() : await Bytes(length));
    }

    public void Dispose() => stream.Dispose();

    private async Task<string> Chunks()
    {
        var body = new StringBuilder();
        int size;
        do
        {
            size = int.Parse(await Line(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Append(await Bytes(size));
            await Line();
        }
        while (size > 0);
        return body.ToString();
    }

    private async Task<string> Line()
    {
        var line = new StringBuilder();
        while (true)
        {
            var one = (char)await Byte();
            if (one == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(one);
        }
    }

    private async Task<string> Bytes(int count)
    {
        var bytes = new StringBuilder(count);
        for (var i = 0; i < count; i++)
        {
            bytes.Append((char)await Byte());
        }

        return bytes.ToString();
    }

    private async ValueTask<byte> Byte()
    {
        if (_at == _end)
        {
            (_at, _end) = (0, await stream.ReadAsync(_buffer));
            if (_end == 0)
            {
                throw new EndOfStreamException(_isBetween ? Nothing : "The server has cut an answer off.");
            }
        }

        _isBetween = false;
        return _buffer[_at++];
    }
}
