// Runs programs of operators on RxJS, in its virtual time, and prints what they tell: one program per line of input, one answer per line of output.
// RxJsDifferentialTests writes the programs and compares the answers with ours. By hand, where rxjs 7.8.2 is installed:
//     echo '{"hots":["-a-b|"],"root":["map",["hot",0]]}' | node rxjs-programs.mjs <folder that has node_modules>
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(`${process.argv[2]}/`);
const rx = require('rxjs');
const { TestScheduler } = require('rxjs/testing');

const text = value => Array.isArray(value) ? `[${value.map(text).join(',')}]` : String(value);
const letter = value => value.replaceAll(/[^a-z]/g, '')[0] ?? '-';
const message = error => error instanceof rx.TimeoutError ? 'timeout' : error instanceof rx.EmptyError || error instanceof rx.ArgumentOutOfRangeError ? 'empty' : String(error);
const told = note => note.kind === 'N' ? `N${note.value}` : note.kind === 'E' ? `E${message(note.error)}` : 'C';

function build(node, run) {
  const of = child => build(child, run);
  const [op, ...args] = node;
  const [a, b, c] = args;
  switch (op) {
    // Sources.
    case 'hot': return run.hots[a];
    case 'cold': return run.cold(a);
    case 'of': return rx.from(args);
    case 'empty': return rx.EMPTY;
    case 'never': return rx.NEVER;
    case 'throw': return rx.throwError(() => 'thrown');
    case 'timer': return rx.timer(a).pipe(rx.map(String));
    case 'interval': return rx.interval(a + c / 16).pipe(rx.take(b), rx.map(String));
    // Of one source.
    case 'map': return of(a).pipe(rx.map(x => x + 'm'));
    case 'filter': return of(a).pipe(rx.filter(x => !x.includes('b')));
    case 'take': return of(b).pipe(rx.take(a));
    case 'skip': return of(b).pipe(rx.skip(a));
    case 'takeLast': return of(b).pipe(rx.takeLast(a));
    case 'skipLast': return of(b).pipe(rx.skipLast(a));
    case 'takeWhile': return of(a).pipe(rx.takeWhile(x => !x.includes('c')));
    case 'skipWhile': return of(a).pipe(rx.skipWhile(x => x.includes('a')));
    case 'distinctUntilChanged': return of(a).pipe(rx.distinctUntilChanged());
    case 'distinct': return of(a).pipe(rx.distinct());
    case 'scan': return of(a).pipe(rx.scan((sum, x) => sum + x, 's'));
    case 'scanBare': return of(a).pipe(rx.scan((sum, x) => sum + x));
    case 'reduce': return of(a).pipe(rx.reduce((sum, x) => sum + x, 'r'));
    case 'count': return of(a).pipe(rx.count(), rx.map(String));
    case 'startWith': return of(a).pipe(rx.startWith('x'));
    case 'endWith': return of(a).pipe(rx.endWith('y'));
    case 'defaultIfEmpty': return of(a).pipe(rx.defaultIfEmpty('d'));
    case 'delay': return of(b).pipe(rx.delay(a));
    case 'debounceTime': return of(b).pipe(rx.debounceTime(a + 0.5));
    case 'debounce': return of(b).pipe(rx.debounce(() => rx.timer(a + 0.5)));
    case 'delayWhen': return of(b).pipe(rx.delayWhen(x => rx.timer(x.includes('a') ? a : 1)));
    case 'timeout': return of(b).pipe(rx.timeout(a + 0.5));
    case 'bufferCount': return of(b).pipe(rx.bufferCount(a), rx.map(text));
    case 'windowCount': return of(b).pipe(rx.windowCount(a), rx.mergeMap(window => window.pipe(rx.toArray())), rx.map(text));
    case 'toArray': return of(a).pipe(rx.toArray(), rx.map(text));
    case 'catchError': return of(a).pipe(rx.catchError(() => of(b)));
    case 'retry': return of(b).pipe(rx.retry(a - 1));
    case 'repeat': return of(b).pipe(rx.repeat(a));
    case 'materialize': return of(a).pipe(rx.materialize(), rx.map(told));
    case 'dematerialize': return of(a).pipe(rx.materialize(), rx.skip(1), rx.dematerialize());
    case 'ignoreElements': return of(a).pipe(rx.ignoreElements());
    case 'isEmpty': return of(a).pipe(rx.isEmpty(), rx.map(String));
    case 'every': return of(a).pipe(rx.every(x => x.length < 3), rx.map(String));
    case 'find': return of(a).pipe(rx.find(x => x.includes('b')), rx.map(x => x ?? 'none'));
    case 'first': return of(a).pipe(rx.first());
    case 'last': return of(a).pipe(rx.last());
    case 'elementAt': return of(b).pipe(rx.elementAt(a));
    case 'groupBy': return of(a).pipe(rx.groupBy(letter), rx.mergeMap(group => group.pipe(rx.map(x => group.key + x))));
    case 'share': return rx.defer(() => { const one = of(a).pipe(rx.delay(0.5), rx.share()); return rx.merge(one, one.pipe(rx.map(x => x + 's'))); });
    case 'timestamp': return of(a).pipe(rx.map(x => x + run.now()));
    case 'finalize': return of(a).pipe(rx.finalize(() => {}));
    case 'tap': return of(a).pipe(rx.tap(x => { if (x.includes('cc')) throw 'tapped'; }));
    // Of several.
    case 'concatMap': return of(a).pipe(rx.concatMap(x => of(b).pipe(rx.map(y => x + y))));
    case 'mergeMap': return of(a).pipe(rx.mergeMap(x => of(b).pipe(rx.map(y => x + y))));
    case 'switchMap': return of(a).pipe(rx.switchMap(x => of(b).pipe(rx.map(y => x + y))));
    case 'merge': return rx.merge(of(a), of(b));
    case 'mergeOne': return rx.merge(of(a), of(b), of(c), 1);
    case 'concat': return rx.concat(of(a), of(b));
    case 'combineLatest': return rx.combineLatest([of(a).pipe(rx.startWith('x')), of(b).pipe(rx.startWith('x'))]).pipe(rx.map(text));
    case 'withLatestFrom': return of(a).pipe(rx.withLatestFrom(of(b)), rx.map(text));
    case 'race': return rx.race(of(a), of(b));
    case 'takeUntil': return of(a).pipe(rx.takeUntil(of(b)));
    case 'onErrorResumeNext': return rx.onErrorResumeNext(of(a), of(b));
    case 'forkJoin': return rx.forkJoin([of(a), of(b)]).pipe(rx.map(text));
    default: throw new Error(`no such operator: ${op}`);
  }
}

function play(program) {
  const scheduler = new TestScheduler(() => {});
  return scheduler.run(({ hot, cold, flush }) => {
    const events = [];
    const run = { cold, now: () => scheduler.now(), hots: program.hots.map(marbles => hot(marbles)) };
    const record = (kind, value) => events.push(`${scheduler.now()}${kind}${value}`);
    const source = build(program.root, run);
    scheduler.schedule(() => source.subscribe(value => record('N', value), error => record('E', message(error)), () => record('C', '')), 0);
    flush();
    return { events, subscriptions: run.hots.map(one => one.subscriptions.map(each => `${each.subscribedFrame}-${each.unsubscribedFrame}`)) };
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = play(JSON.parse(line));
  } catch (error) {
    answer = { events: [`!${error.stack}`], subscriptions: [] };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
