using System.Diagnostics;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Messages that nobody should send.</summary>
public class DnsHostileTests
{
    private const string Header = "000181800001000100000000";
    private const string Question = "0161076578616d706c650000010001";

    private static readonly (string What, string Hex)[] Messages =
    [
        ("nothing", ""),
        ("half a header", "000181800001"),
        ("a question that is announced only", "000181800001000000000000"),
        ("65 535 of everything in 12 bytes", "00018180ffffffffffffffff"),
        ("65 535 answers in 12 bytes", "000181800000ffff00000000"),
        ("65 535 additional records in 12 bytes", "0001818000000000" + "0000ffff"),
        ("a name without an end", Header + "0161"),
        ("a label past the end", Header + "3f6161"),
        ("a question without a class", Header + "016100" + "0001"),
        ("a pointer to itself", Header + "c00c00010001"),
        ("a pointer forwards", Header + "c010000100010161" + "00"),
        ("a pointer into the header", Header + "c000" + "00010001"),
        ("a pointer to the header's last byte", Header + "c00b" + "00010001"),
        ("a pointer past the end", Header + "ffff" + "00010001"),
        ("half a pointer", Header + "c0"),
        ("pointers in a circle", Header + "0161c0100162c00c" + "00010001"),
        ("a label and a pointer back to it", Header + "0161c00c" + "00010001"),
        ("a label of the type 01", Header + "4161" + "00010001"),
        ("a label of the type 10", Header + "8161" + "00010001"),
        ("a name of 256 bytes", Header + Labels(63, 63, 63, 62) + "0000010001"),
        ("128 labels", Header + Labels([.. Enumerable.Repeat(1, 128)]) + "0000010001"),
        ("a name of 256 bytes by a pointer", Header.Replace("00010001", "00010001", StringComparison.Ordinal) + Labels(63, 63, 63, 61) + "0000010001" + "0161c00c00010001000000010004c0000201"),
        ("an answer without data", Header + Question + "c00c00010001000000"),
        ("data past the end", Header + Question + "c00c000100010000000100ff" + "c0000201"),
        ("data of no bytes for an address", Header + Question + "c00c00010001000000010000"),
        ("data too short for an address", Header + Question + "c00c00010001000000010003c00002"),
        ("data too long for an address", Header + Question + "c00c00010001000000010005c000020100"),
        ("data too short for IPv6", Header + Question + "c00c001c0001000000010004c0000201"),
        ("MX without a name", Header + Question + "c00c000f0001000000010002000a"),
        ("MX with a name past its data", Header + Question + "c00c000f0001000000010005000a0361" + "6263" + "00"),
        ("MX with more behind", Header + Question + "c00c000f0001000000010005000ac00cff"),
        ("SOA cut off", Header + Question + "c00c00060001000000010008c00cc00c00000001"),
        ("TXT of nothing", Header + Question + "c00c00100001000000010000"),
        ("TXT past its data", Header + Question + "c00c00100001000000010003" + "056162" + "636465"),
        ("HINFO with one string", Header + Question + "c00c000d0001000000010002" + "0161"),
        ("SRV without a target", Header + Question + "c00c00210001000000010006000100010001"),
        ("NAPTR cut off", Header + Question + "c00c0023000100000001000600010001" + "0561"),
        ("CAA with an empty tag", Header + Question + "c00c010100010000000100030000" + "61"),
        ("CAA with a tag past its data", Header + Question + "c00c010100010000000100030009" + "61"),
        ("DS cut off", Header + Question + "c00c002b00010000000100020001"),
        ("RRSIG cut off", Header + Question + "c00c002e00010000000100040001" + "0502"),
        ("NSEC with an empty window", Header + Question + "c00c002f000100000001000500" + "0000" + "0000"),
        ("NSEC with a window of 33 bytes", Header + Question + "c00c002f0001000000010024" + "00" + "0021" + new string('f', 66)),
        ("NSEC with windows out of order", Header + Question + "c00c002f0001000000010007" + "00" + "010140" + "000140"),
        ("NSEC3 with a salt past its data", Header + Question + "c00c00320001000000010006" + "01000001" + "ff00"),
        ("LOC of another version", Header + Question + "c00c001d0001000000010010" + "01" + "121212" + "800000008000000080000000"),
        ("LOC with a length that is none", Header + Question + "c00c001d0001000000010010" + "00" + "fa1212" + "800000008000000080000000"),
        ("SVCB with keys out of order", Header + Question + "c00c0040000100000001000f" + "0001" + "00" + "000300020050" + "00010002" + "0161"),
        ("SVCB with a key twice", Header + Question + "c00c0040000100000001000f" + "0001" + "00" + "000300020050" + "000300020051"),
        ("SVCB with a value past its data", Header + Question + "c00c00400001000000010008" + "0001" + "00" + "0003ffff" + "00"),
        ("SVCB with a port of one byte", Header + Question + "c00c00400001000000010008" + "0001" + "00" + "0003000150"),
        ("SVCB with an empty protocol", Header + Question + "c00c00400001000000010008" + "0001" + "00" + "0001000100"),
        ("SVCB that demands what is not there", Header + Question + "c00c00400001000000010009" + "0001" + "00" + "000000020003"),
        ("URI cut off", Header + Question + "c00c010000010000000100020001"),
        ("OPT twice", "000181800000000000000002" + "0000290200000000000000" + "0000290200000000000000"),
        ("OPT that is not of the root", "000181800000000000000001" + "01610000290200000000000000"),
        ("OPT as an answer", "000181800000000100000000" + "0000290200000000000000"),
        ("an option past its OPT", "000181800000000000000001" + "00002902000000000000" + "05" + "000a000861"),
        ("half an option", "000181800000000000000001" + "00002902000000000000" + "02" + "000a"),
    ];

    public static IEnumerable<TestCaseData> Cases => Messages.Select(message => new TestCaseData(message.Hex) { TestName = $"Is_refused({message.What})" });

    [Test]
    public void There_are_enough() => Assert.That(Messages, Has.Length.GreaterThanOrEqualTo(50));

    [TestCaseSource(nameof(Cases))]
    public void Is_refused(string hex) => Assert.That(() => DnsCodec.Decode(Convert.FromHexString(hex)), Throws.InstanceOf<ProtocolException>());

    [Test]
    public void A_name_of_255_bytes_and_one_of_127_labels_are_taken()
    {
        foreach (var name in (string[])[Labels(63, 63, 63, 61), Labels([.. Enumerable.Repeat(1, 127)])])
        {
            Assert.That(DnsCodec.Decode(Convert.FromHexString("000181800001000000000000" + name + "0000010001")).Questions, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void Names_that_lead_on_from_one_to_the_next_are_read()
    {
        // Each is one label and a pointer to the one before, as a server writes them that remembers names and not their ends.
        var bytes = new List<byte>(Convert.FromHexString("000181800000003200000000"));
        var before = -1;
        for (var at = 0; at < 50; at++)
        {
            var here = bytes.Count;
            bytes.AddRange([1, (byte)'a']);
            bytes.AddRange(before < 0 ? [0] : [(byte)(0xC0 | (before >> 8)), (byte)before]);
            bytes.AddRange([0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1]);
            before = here;
        }

        Assert.That(DnsCodec.Decode([.. bytes]).Answers[^1].Name.LabelCount, Is.EqualTo(50));
    }

    [Test]
    public void Nothing_is_allocated_by_a_count()
    {
        var bytes = Convert.FromHexString("00018180ffffffffffffffff");
        Refuse(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(bytes);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8192));
    }

    [Test]
    public void What_is_allocated_grows_with_the_bytes()
    {
        // As many records as there is room for, each with a name that is as long and winding as may be.
        var (small, large) = (Cost(Winding(8_000)), Cost(Winding(64_000)));
        Assert.That(large, Is.LessThan(10 * small), "eight times as much costs about eight times as much");
    }

    [Test]
    public void Random_bytes_and_mutated_messages_are_taken_or_refused()
    {
        var (random, seed) = (new Random(4), Real());
        var watch = Stopwatch.StartNew();
        var rounds = Live.IsSoak ? int.MaxValue : 20_000;
        for (var round = 0; round < rounds && watch.Elapsed < TimeSpan.FromSeconds(10); round++)
        {
            var bytes = round % 2 == 0 ? (byte[])seed.Clone() : new byte[random.Next(600)];
            if (round % 2 == 0)
            {
                for (var changes = random.Next(1, 8); changes > 0; changes--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                bytes = bytes[..random.Next(1, bytes.Length + 1)];
            }
            else
            {
                random.NextBytes(bytes);
            }

            Try(bytes);
        }
    }

    // What is taken can be written and read again, and says the same.
    private static void Try(byte[] bytes)
    {
        DnsMessage message;
        try
        {
            message = DnsCodec.Decode(bytes);
        }
        catch (ProtocolException)
        {
            return;
        }

        if ((int)message.ResponseCode < 16)
        {
            var again = DnsCodec.Decode(DnsCodec.Encode(message));
            Assert.That(again.Answers.Concat(again.Authorities).Concat(again.Additionals), Is.EqualTo(message.Answers.Concat(message.Authorities).Concat(message.Additionals)));
            Assert.That(again.ToString(), Is.EqualTo(message.ToString()));
        }
    }

    private static void Refuse(byte[] bytes) => Assert.That(() => DnsCodec.Decode(bytes), Throws.InstanceOf<ProtocolException>());

    private static byte[] Real() => DnsCodec.Encode(new DnsMessage
    {
        Id = 7,
        IsResponse = true,
        Questions = [new("a.example", DnsType.ANY)],
        Answers =
        [
            .. new[]
            {
                "A 192.0.2.1", "AAAA 2001:db8::1", "MX 10 mail.example.", "TXT \"one\" \"two\"", "SRV 1 2 3 host.example.", "CAA 0 issue \"x\"", "HTTPS 1 . alpn=h2 port=1",
                "NSEC b.example. A MX TYPE1234", "NAPTR 1 2 \"u\" \"s\" \"\" r.example.", "SOA ns.example. root.example. 1 2 3 4 5", "LOC 1 2 3 N 4 5 6 E 7m", @"TYPE731 \# 2 abcd",
            }.Select(data => DnsRecord.Parse($"a.example. 300 {data}")),
        ],
        Edns = new DnsEdns { Options = [new(10, new byte[8]), DnsOption.Of(new(3, "old"))] },
    });

    private static string Labels(params int[] lengths) => string.Concat(lengths.Select(length => $"{length:x2}" + string.Concat(Enumerable.Repeat("61", length))));

    // A first name whose labels are reached by pointer after pointer, and records that all have the last.
    private static byte[] Winding(int length)
    {
        var bytes = new List<byte>(Convert.FromHexString("00018180000000000000ffff"));
        var before = -1;
        while (bytes.Count < length - 20)
        {
            var here = bytes.Count;
            if (here < 120 * 18)
            {
                bytes.AddRange([1, (byte)'a', .. before < 0 ? (byte[])[0] : [(byte)(0xC0 | (before >> 8)), (byte)before]]);
                before = here;
            }
            else
            {
                bytes.AddRange([(byte)(0xC0 | (before >> 8)), (byte)before]);
            }

            bytes.AddRange([0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1]);
        }

        return [.. bytes];
    }

    private static long Cost(byte[] bytes)
    {
        Refuse(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(bytes);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
