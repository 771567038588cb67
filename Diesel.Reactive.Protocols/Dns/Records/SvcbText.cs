using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The parameters of SVCB records as text, and which there are (RFC 9460, sections 7, 8, 14.3 and appendix A).</summary>
internal static class SvcbText
{
    public const ushort Mandatory = 0;
    public const ushort Alpn = 1;
    public const ushort NoDefaultAlpn = 2;
    public const ushort Port = 3;
    public const ushort Ipv4Hint = 4;
    public const ushort Ech = 5;
    public const ushort Ipv6Hint = 6;

    private static readonly string[] Names = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint"];

    public static string NameOf(ushort key) => key < Names.Length ? Names[key] : string.Create(CultureInfo.InvariantCulture, $"key{key}");

    public static bool IsValid(SvcbParameter parameter, IReadOnlyList<SvcbParameter> all)
    {
        var value = parameter.Value;
        return parameter.Key switch
        {
            Mandatory => value.Length > 0 && value.Length % 2 == 0 && AreMandatory([.. Keys(value)], all),
            Alpn => value.Length > 0 && AreIds(value.Span),
            NoDefaultAlpn => value.IsEmpty && all.Any(static each => each.Key == Alpn),
            Port => value.Length == 2,
            Ipv4Hint => value.Length > 0 && value.Length % 4 == 0,
            Ipv6Hint => value.Length > 0 && value.Length % 16 == 0,
            ushort.MaxValue => false,
            _ => true,
        };
    }

    public static IEnumerable<ushort> Keys(ReadOnlyMemory<byte> value)
    {
        for (var at = 0; at + 1 < value.Length; at += 2)
        {
            yield return BinaryPrimitives.ReadUInt16BigEndian(value.Span[at..]);
        }
    }

    public static IEnumerable<byte[]> Ids(ReadOnlyMemory<byte> value)
    {
        for (var at = 0; at < value.Length; at += value.Span[at] + 1)
        {
            yield return value.Slice(at + 1, value.Span[at]).ToArray();
        }
    }

    public static string Print(SvcbParameter parameter)
    {
        var (key, value) = parameter;
        var text = new StringBuilder(NameOf(key));
        return (key switch
        {
            NoDefaultAlpn => text,
            Mandatory => text.Append('=').AppendJoin(',', Keys(value).Select(NameOf)),
            Alpn => text.Append('=').Quoted([.. List(Ids(value))]),
            Port when value.Length == 2 => text.Append('=').Append(CultureInfo.InvariantCulture, $"{BinaryPrimitives.ReadUInt16BigEndian(value.Span)}"),
            Ipv4Hint => text.Append('=').AppendJoin(',', Addresses(value, 4)),
            Ipv6Hint => text.Append('=').AppendJoin(',', Addresses(value, 16)),
            Ech => text.Append('=').Append(Convert.ToBase64String(value.Span)),
            _ when value.IsEmpty => text,
            _ => text.Append('=').Quoted(value.Span),
        }).ToString();
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static SvcbParameter Parse(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var key = Key(equals < 0 ? word : word[..equals]);
        var value = equals < 0 ? "" : word[(equals + 1)..];
        return new(key, key switch
        {
            Mandatory => Mandatories(value),
            Alpn => Split(DnsText.Bytes(value)),
            Port => PortOf(value),
            Ipv4Hint or Ipv6Hint => [.. value.Split(',').SelectMany(each => Address(each, key == Ipv4Hint ? 4 : 16))],
            Ech => Convert.FromBase64String(value),
            _ => DnsText.Bytes(value),
        });
    }

    private static bool AreMandatory(ushort[] keys, IReadOnlyList<SvcbParameter> all) =>
        keys.All(key => key != Mandatory && all.Any(each => each.Key == key)) && keys.Zip(keys.Skip(1)).All(static pair => pair.First < pair.Second);

    private static bool AreIds(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            if (value[0] == 0 || value.Length <= value[0])
            {
                return false;
            }

            value = value[(value[0] + 1)..];
        }

        return true;
    }

    private static ushort Key(string name)
    {
        var known = Array.IndexOf(Names, name);
        return known >= 0 ? (ushort)known
            : name.StartsWith("key", StringComparison.Ordinal) && ushort.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException($"'{name}' is no key of an SVCB record.");
    }

    private static byte[] Mandatories(string value) =>
        [.. value.Split(',').Select(Key).Order().SelectMany(static key => (byte[])[(byte)(key >> 8), (byte)key])];

    private static byte[] PortOf(string value) => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        ? [(byte)(port >> 8), (byte)port] : throw new FormatException($"'{value}' is no port.");

    private static byte[] Address(string word, int size) => (size == 16 || word.AsSpan().Count('.') == 3) && IPAddress.TryParse(word, out var address) && address.GetAddressBytes() is var bytes && bytes.Length == size
        ? bytes : throw new FormatException($"'{word}' is no address of {size} bytes.");

    private static IEnumerable<IPAddress> Addresses(ReadOnlyMemory<byte> value, int size) =>
        Enumerable.Range(0, value.Length / size).Select(at => new IPAddress(value.Span.Slice(at * size, size)));

    // Appendix A.1: a comma or a backslash within an item has a backslash before it, within the escapes that all strings have.
    private static List<byte> List(IEnumerable<byte[]> items)
    {
        var list = new List<byte>();
        foreach (var item in items)
        {
            if (list.Count > 0)
            {
                list.Add((byte)',');
            }

            foreach (var value in item)
            {
                if (value is (byte)',' or (byte)'\\')
                {
                    list.Add((byte)'\\');
                }

                list.Add(value);
            }
        }

        return list;
    }

    private static byte[] Split(byte[] list)
    {
        var (value, item) = (new List<byte>(), new List<byte>());
        for (var at = 0; at <= list.Length; at++)
        {
            if (at == list.Length || list[at] == ',')
            {
                value.Add(item.Count is > 0 and <= byte.MaxValue ? (byte)item.Count : throw new FormatException("An item of a list is empty, or longer than 255 bytes."));
                value.AddRange(item);
                item.Clear();
            }
            else
            {
                at += list[at] == '\\' && at + 1 < list.Length ? 1 : 0;
                item.Add(list[at]);
            }
        }

        return [.. value];
    }
}
