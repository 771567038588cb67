#:project ../Diesel.Reactive.Testing

// What operators make of a source, drawn on the console. Change the rows and run it again, or give it a source of your own:
//     dotnet run samples/marbles.cs -- "--a-b 10ms c--|"
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Testing;

try
{
    Draw<string>(t =>
    {
        var keys = t.Hot(args.Length > 0 ? args[0] : "--a-b-c----d-e 600ms f--|");
        return
        [
            ("keys", keys),
            ("Throttle(3 ms)", keys.Throttle(t.Time("---|"), t.Scheduler)),
            ("Sample(5 ms)", keys.Sample(t.Time("-----|"), t.Scheduler)),
            ("Scan", keys.Scan((all, key) => all + key)),
            ("Buffer(2)", keys.Buffer(2).Select(two => string.Concat(two))),
        ];
    });
    Draw<ReadOnlyMemory<byte>>(t =>
    {
        var chunks = t.HotBytes(@"--'PI'-'NG\r\nPO'--'NG\r\nONE\r\nTWO\r\n'-|");
        return [("chunks", chunks), ("UntilEol()", chunks.UntilEol())];
    });
}
catch (MarbleSyntaxException error)
{
    Console.Error.WriteLine(error.Message);
    Environment.ExitCode = 2;
}

static void Draw<T>(Func<MarbleTest, (string Label, IObservable<T> Source)[]> rows) => MarbleTest.Run(t =>
{
    var recorded = rows(t).Select(row => (row.Label, Told: t.Record(row.Source))).ToList();
    t.Flush();
    Console.WriteLine(MarbleTable.Draw([.. recorded.Select(row => MarbleRow.Of(row.Label, row.Told))]));
    Console.WriteLine();
});
