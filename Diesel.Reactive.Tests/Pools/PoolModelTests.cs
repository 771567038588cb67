
namespace Diesel.Reactive.Tests;

public class PoolModelTests
{
    [FsCheck.NUnit.Property(MaxTest = 500, EndSize = 150, QuietOnSuccess = true)]
    public void A_pool_does_what_its_model_does(byte max, byte idle, byte waiting, byte failEvery, byte[] commands) =>
        new PoolRun(1 + (max % 5), idle % 5, waiting % 7, failEvery % 4).Play(commands);
}
