<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive.Testing</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>Diesel.Reactive.Testing</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// Change the row and run it again. One sign is a millisecond.
MarbleTest.Run(t =>
{
    var keys = t.Hot("--a-b-c----d-e 600ms f--|");
    var rows = new (string Label, IObservable<string> Source)[]
    {
        ("keys", keys),
        ("Throttle(3 ms)", keys.Throttle(t.Time("---|"), t.Scheduler)),
        ("Sample(5 ms)", keys.Sample(t.Time("-----|"), t.Scheduler)),
        ("Scan", keys.Scan((all, key) => all + key)),
    };
    var recorded = rows.Select(row => (row.Label, Told: t.Record(row.Source))).ToList();
    t.Flush();
    MarbleTable.Draw([.. recorded.Select(row => MarbleRow.Of(row.Label, row.Told))]).Dump();
});
