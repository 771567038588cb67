#:project ../Diesel.Reactive

// diesel's say_hi: a loop that doesn't loop.
using Diesel.Reactive;

Application.Quickstart(SayHi);

static void SayHi()
{
    Console.WriteLine("hi");
    Application.Quickstop();
}
