/** Does what watches an invocation: where it fails, the invocation does not. */
export function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
