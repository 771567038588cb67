// What RxJS 7.8.2 reads in diagrams, in run mode: writes rxjs-cases.json, which RxJs7MarblesTests compares with our own reading.
//
// To write it anew, in an empty directory elsewhere:
//     npm install rxjs@7.8.2
//     node <here>/rxjs-cases.mjs > <here>/rxjs-cases.json
// For more random texts than the file has, and RXJS_CASES=<file> for the test to read them:
//     node <here>/rxjs-cases.mjs 100000 7 > many.json        (how many, seed)
import { createRequire } from 'node:module';

const { TestScheduler } = createRequire(process.cwd() + '/')('rxjs/testing');
TestScheduler.frameTimeFactor = 1;

const streams = [
  // The guide: each sign alone, and the diagrams it explains.
  '', ' ', '-', '------', '|', '#', 'a', '(ab)', '(a|)', '(a#)', '--(abc)-|', '-----(a|)', 'a-b-(c|)', '---a---', 'a 9ms b 9s c 9m d',
  '--a--b--|', '--a--b--#', '-a-^-b---|', '^-a', '--^--a--b--|', '-a--b--c---|', '-a-----c---|', ' -a-----c---|', '1s', '1s ', '10ms a',
  '9ms (ab) 9ms |', '  a 10ms b ', 'a 29ms b', '--(a|) 5ms ',
  // The specification of its scheduler: run mode, groups, emoji, the offset of hot sources.
  '-------a---b', '-------a---b---|', '-----^--a---b---|', '-------a---b---#', '---(aa)---', '-----(a-b)|', '--🙈--🙉--🙊--|',
  '10.2ms a 1.2s b 1m c|', '  -a - b -    c |       ', '   -a -^ -b---|', '--a^-b 10ms c|', '-a-^-b-(c|)', '--^(a|)',
  // Quirks: durations that are values, groups that are not, what stands in front of a caret, what follows the end.
  'a 10ms', '10ms', 'a 10ms|', '10msa', 'a10ms b', '10us ', '10h ', '.5s ', '0.5s a', '1.5ms a', '1.5.5ms a', '1 0ms a', '10 ms a', '1.ms a',
  '-a 10ms -^--b|', '- a - ^ - b', '   ^', '(^a)', '-(^a)b', '-^(a)^b', '(a-b|)', '--( a b )-|', '((ab)c)', '(ab', 'ab)c', '(a(b', 'a)(b)',
  '(a 10ms b)', '|a', '||', '#|a', 'a|b#', '^^a', '-^-^a', '--(a-^-b)-c', '(a)b^', '--(a)-^', '0.5ms (a)^', '1.5ms (ab)--^c', '0.5ms 14ms (ab)^c', "'a'", '[a]', '{a}', '<00>',
  'a\tb', 'a\nb', '\t10ms a', '\u00a010ms a', '\u3000a', 'é', 'e\u0301', '👨‍👩‍👧', '🇨🇿', '-👍^-a', '👍 5ms b', '!', 'a-!', '^!', '-', 'ab!',
  '00012ms a', '0ms a', '0.0001ms a', '123456789m a', '1m 1s 1ms a', '1m1s a', '1ms  a', '1ms 1ms ', '9 9s 9', '10s s',
];
const subscriptions = [
  '', '-', '^', '!', '^!', '--^--!-', '(^!)', '500ms ^ 1s !', '---^---!-', '---^-', '---(^!)-', '10.2ms ^ 1.2s - 1m !', '  - -  - -  ^ -   - !  -- -      ',
  '^-----------!', '--^-----------!', '--!--^', '^^', '!!', '^-^', '^-!-!', '-a', '^|', '^#', '(^)', '(-^-!)', '(-^-', '--)^!', '(^)!', '--(--^)-!', '^ 10ms !',
  '^10ms !', '10ms ^', '10ms', '1 ', 'a', '\t', '^\n!', '^ !', '^!---', '^ 1.5ms !', '^ 1m !', '((^)!)', '👍', '500ms (^!)',
];
const times = [
  '', '-', '|', '---|', '-----|', '10ms |', '10ms|', '  ---|  ', '- - |', 'a|b|', '\t-|', '\u00a0-|', '\ufeff-|', '\u0085-|', '\n|', '(|)', '-^-|', '5s 1ms |', '--#', '👍|', '!|',
];

const scheduler = new TestScheduler(() => { });
scheduler.runMode = true;
const sign = ({ kind, value }) => kind === 'N' ? value : kind === 'C' ? '|' : '#';
const stream = messages => messages.map(({ frame, notification }) => [sign(notification), frame]);
const readers = {
  Any: marbles => stream(TestScheduler.parseMarbles(marbles, undefined, undefined, false, true)),
  Hot: marbles => stream(scheduler.createHotObservable(marbles).messages),
  Cold: marbles => stream(scheduler.createColdObservable(marbles).messages),
  Subscription: marbles => {
    const { subscribedFrame, unsubscribedFrame } = TestScheduler.parseMarblesAsSubscriptions(marbles, true);
    return [['^', subscribedFrame], ['!', unsubscribedFrame]].filter(([, frame]) => frame !== Infinity)
      .sort(([one], [other]) => marbles.indexOf(one) - marbles.indexOf(other));
  },
  Time: marbles => [['|', scheduler.createTime(marbles)]],
};

// The same texts for the same seed, wherever it runs (mulberry32).
function numbers(seed) {
  return below => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const time = ['-', '-', ' ', ' ', '(', ')', '10ms ', ' 10ms ', ' 1.5ms ', ' 2s', ' 1m ', ' 0.25s '];
const values = [...'ab|#10ms.s5', '👍', '\t', ...time];
const pieces = {
  Any: ['^', '^', ...values], Hot: ['^', '^', '^', ...values], Cold: values, Time: ['|', '|', '^', '!', ...values],
  Subscription: ['^', '^', '!', '!', ...time, ...time],
};
function random(role, next) {
  return Array.from({ length: next(14) }, () => pieces[role][next(pieces[role].length)]).join('');
}

function* all([count, seed]) {
  for (const role of ['Any', 'Hot', 'Cold']) for (const marbles of streams) yield [role, marbles];
  for (const marbles of subscriptions) yield ['Subscription', marbles];
  for (const marbles of times) yield ['Time', marbles];
  const next = numbers(Number(seed ?? 1));
  const roles = Object.keys(readers);
  for (let i = 0; i < Number(count ?? 300); i++) {
    const role = roles[i % roles.length];
    yield [role, random(role, next)];
  }
}

function read(role, marbles) {
  try {
    return { role, marbles, events: readers[role](marbles) };
  } catch (error) {
    return { role, marbles, error: error.message };
  }
}

const lines = [...all(process.argv.slice(2))].map(([role, marbles]) => JSON.stringify(read(role, marbles)));
process.stdout.write('[\n' + lines.join(',\n') + '\n]\n');
