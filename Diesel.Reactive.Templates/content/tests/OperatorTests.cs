using System.Reactive.Linq;
using Diesel.Reactive.Testing;
using NUnit.Framework;

namespace DieselTests;

public class OperatorTests
{
    [Test]
    public void Throttle_keeps_the_last_key_of_a_burst() => MarbleTest.Run(t =>
    {
        var keys = t.Hot("       --a-b------c--|").Named("keys");
        t.ExpectObservable(keys.Throttle(t.Time("---|"), t.Scheduler))
            .ToBe("              -------b------(c|)");
    });
}
