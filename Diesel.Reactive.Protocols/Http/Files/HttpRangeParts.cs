using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Several parts of a file as one body: <c>multipart/byteranges</c> (RFC 9110 §14.6).</summary>
internal static class HttpRangeParts
{
    /// <summary>Makes the body.</summary>
    /// <param name="file">Open; the body's from now on.</param>
    /// <param name="ranges">Two or more.</param>
    /// <param name="type">What each part is.</param>
    /// <param name="length">How long the file is.</param>
    /// <param name="multipart">What the body is.</param>
    /// <returns>The body.</returns>
    public static HttpFileContent Of(SafeFileHandle file, IReadOnlyList<HttpRange> ranges, string type, long length, out string multipart)
    {
        // Nobody who writes the file can know it, and so end a part early.
        var boundary = RandomNumberGenerator.GetHexString(32, lowercase: true);
        multipart = $"multipart/byteranges; boundary={boundary}";
        var pieces = ranges.Select((range, i) => new HttpFilePiece(
            Bytes($"{(i == 0 ? "" : "\r\n")}--{boundary}\r\nContent-Type: {type}\r\nContent-Range: {range.Of(length)}\r\n\r\n"), range.First, range.Count));
        return new HttpFileContent(file, [.. pieces, new HttpFilePiece(Bytes($"\r\n--{boundary}--\r\n"), 0, 0)]);
    }

    private static byte[] Bytes(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
