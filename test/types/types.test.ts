/** What the built types tell users: about a wrong use, the right line on every compiler; and what they cost. */
import { expect, test } from 'vitest';
import { COMPILERS, compile, errorsIn, marksIn } from './compiler.ts';

test.concurrent.each(COMPILERS)('%s marks the wrong lines, and only these, and says why', async (compiler) => {
  const marks = marksIn('wrong');
  expect(marks.size).toBeGreaterThan(20);
  const errors = errorsIn(await compile(compiler, 'wrong'));
  // A message that does not contain what its mark says is shown in full.
  const said = [...errors].map(([place, message]): [string, string] => {
    const mark = marks.get(place);
    return [place, mark !== undefined && message.includes(mark) ? mark : message];
  });
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(marks));
});

/** What the hundred functions cost when this was written. It is the same in every run, and on any machine. */
const INSTANTIATIONS = 232_363;

test('a hundred functions with schemas cost the compiler little', async () => {
  const output = await compile('typescript', 'hundred', '--extendedDiagnostics', '--singleThreaded');
  expect(output).not.toContain('error TS');
  const instantiations = Number(/^Instantiations: +(\d+)$/m.exec(output)?.[1]);
  expect(instantiations).toBeLessThanOrEqual(INSTANTIATIONS * 1.2);
});
