using System.Runtime.CompilerServices;

[assembly: TypeForwardedTo(typeof(System.Reactive.Notification))]
[assembly: TypeForwardedTo(typeof(System.Reactive.Notification<>))]
[assembly: TypeForwardedTo(typeof(System.Reactive.NotificationKind))]
[assembly: TypeForwardedTo(typeof(System.Reactive.Disposables.CompositeDisposable))]
[assembly: TypeForwardedTo(typeof(System.Reactive.Disposables.Disposable))]
