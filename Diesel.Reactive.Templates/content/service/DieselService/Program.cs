using Diesel.Reactive;
using DieselService;

// Ends by Ctrl-C: what is under way is finished first.
Application.Quickstart(ShoutService.On(port: 4321));
